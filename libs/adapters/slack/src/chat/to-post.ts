import type { ChatPost } from '@swe/domain';
import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import { CHOICE_ACTION } from '../choice-action';
import { userOf } from './place';
import { toSlackMessage } from './to-slack-message';

/** https://docs.slack.dev/reference/block-kit/blocks/actions-block, .../block-elements/button-element */
const MAX_CHOICES = 25;
const MAX_LABEL = 75;
const MAX_VALUE = 2_000;

/** A post as Slack takes it: words, whom they notify, and what may be clicked. */
export function toPost({ body, mention, choices = [] }: ChatPost): {
  readonly text: string;
  readonly blocks: KnownBlock[];
} {
  const { text, blocks } = toSlackMessage(body);
  const user = mention === undefined ? undefined : userOf(mention);
  // Slack refuses a button without a label.
  const labelled = choices.filter((choice) => choice.trim() !== '');
  const clicks = labelled.length === 0 ? [] : [actions(labelled)];
  if (user === undefined) return { text, blocks: [...blocks, ...clicks] };
  const [first, ...others] = blocks;
  const called = `<@${user}> `;
  const words: KnownBlock[] =
    first.type === 'markdown'
      ? [{ ...first, text: called + first.text }]
      : [{ type: 'section', text: { type: 'mrkdwn', text: called } }, first];
  return { text: called + text, blocks: [...words, ...others, ...clicks] };
}

function actions(choices: readonly string[]): ActionsBlock {
  return {
    type: 'actions',
    elements: choices.slice(0, MAX_CHOICES).map((choice, index): Button => ({
      type: 'button',
      action_id: `${CHOICE_ACTION}${index + 1}`,
      text: { type: 'plain_text', text: cut(choice, MAX_LABEL) },
      value: cut(choice, MAX_VALUE),
    })),
  };
}

/** In UTF-16 units, and no character is halved. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 4).replace(/[\uD800-\uDBFF]$/, '')} ...`;
