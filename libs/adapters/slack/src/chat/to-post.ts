import type { ChatPost } from '@swe/domain';
import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import { CHOICE_ACTION, COMMAND_ACTION } from '../choice-action';
import { userOf } from './place';
import { toSlackMessage } from './to-slack-message';

/** https://docs.slack.dev/reference/block-kit/blocks/actions-block, .../block-elements/button-element */
const MAX_BUTTONS = 25;
const MAX_LABEL = 75;
const MAX_VALUE = 2_000;

/** A post as Slack takes it: words, whom they notify, and what may be clicked. */
export function toPost({ body, mention, choices = [], commands = [] }: ChatPost): {
  readonly text: string;
  readonly blocks: KnownBlock[];
} {
  const { text, blocks } = toSlackMessage(body);
  const user = mention === undefined ? undefined : userOf(mention);
  const buttons = [...buttonsOf(commands, COMMAND_ACTION), ...buttonsOf(choices, CHOICE_ACTION)];
  const clicks: ActionsBlock[] =
    buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons.slice(0, MAX_BUTTONS) }];
  if (user === undefined) return { text, blocks: [...blocks, ...clicks] };
  const [first, ...others] = blocks;
  const called = `<@${user}> `;
  const words: KnownBlock[] =
    first.type === 'markdown'
      ? [{ ...first, text: called + first.text }]
      : [{ type: 'section', text: { type: 'mrkdwn', text: called } }, first];
  return { text: called + text, blocks: [...words, ...others, ...clicks] };
}

/** Slack refuses a button without a label. */
function buttonsOf(words: readonly string[], action: string): readonly Button[] {
  const labelled = words.filter((each) => each.trim() !== '');
  return labelled.map((each, index) => ({
    type: 'button',
    action_id: `${action}${index + 1}`,
    text: { type: 'plain_text', text: cut(each, MAX_LABEL) },
    value: cut(each, MAX_VALUE),
  }));
}

/** In UTF-16 units, and no character is halved. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 4).replace(/[\uD800-\uDBFF]$/, '')} ...`;
