import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitBody } from '@swe/domain';
import { MAX_BODY_LENGTH } from './slack-limits';
import { toSlackMessage } from './to-slack-message';
import type { SlackMessage } from './to-slack-message';
import { trickyAnswers } from './tricky-answers';

/** As an answer is delivered: cut, then translated part by part. */
const toSlackMessages = (body: string): readonly SlackMessage[] =>
  splitBody(body, MAX_BODY_LENGTH).map(toSlackMessage);

const answers = Object.entries(trickyAnswers);
const answer = (name: keyof typeof trickyAnswers): string => trickyAnswers[name] ?? '';

function shownBy({ blocks: [block] }: SlackMessage): string {
  if (block.type === 'markdown') return block.text;
  return block.elements
    .flatMap((element) => (element.type === 'rich_text_preformatted' ? element.elements : []))
    .map((element) => (element.type === 'text' ? element.text : ''))
    .join('');
}

const markdownOf = (body: string): readonly string[] =>
  toSlackMessages(body).flatMap(({ blocks: [block] }) => (block.type === 'markdown' ? [block.text] : []));

/** What Slack would read as a token: https://docs.slack.dev/messaging/formatting-message-text */
const TOKEN = /<[@#!][^<>\n]*>/g;
const pings = (text: string): readonly string[] =>
  (text.match(TOKEN) ?? []).filter((token) =>
    /^<(?:[@#][A-Z]|!(?:here|channel|everyone|subteam|date))/.test(token),
  );

function expectWithinLimits(message: SlackMessage): void {
  const [block] = message.blocks;
  expect(message.blocks).toHaveLength(1);
  const shown = shownBy(message);
  expect(shown.length).toBeLessThanOrEqual(11_500);
  expect(shown.trim()).not.toBe('');
  expect(message.text.trim()).not.toBe('');
  expect(message.text.length).toBeLessThanOrEqual(4_000);
  expect(message.text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
  for (const text of [shown, message.text]) {
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toMatch(/(?![\n\t])\p{Cc}/u);
  }
  if (block.type === 'markdown') expect(pings(shown)).toEqual([]);
}

describe('an answer in Slack', () => {
  it('is tried in eighty tricky shapes', () => {
    expect(answers.length).toBeGreaterThanOrEqual(80);
  });

  it.each(answers)('is within every limit, pings nobody, and is always the same: %s', (_name, body) => {
    const messages = toSlackMessages(body);
    expect(toSlackMessages(body)).toEqual(messages);
    expect(messages.length > 0 || body.trim() === '').toBe(true);
    for (const message of messages) expectWithinLimits(message);
  });

  it('keeps the words of every tricky answer', () => {
    // What cutting repeats (headers, languages) and what Slack can't show is left out of the comparison.
    const words = (text: string): Set<string> =>
      new Set(
        text
          .replaceAll('&lt;', '<')
          .replaceAll('\u2039', '<')
          .match(/[\p{L}\p{N}]{2,250}/gu) ?? [],
      );
    const cutWords = /40,000 characters without a space|300|one line|data|marks upon|no spaces/;
    for (const [name, body] of answers.filter(([name]) => !cutWords.test(name))) {
      const shown = words(toSlackMessages(body).map(shownBy).join('\n'));
      const lost = [...words(body.replaceAll('&lt;', '<'))].filter((word) => !shown.has(word));
      expect({ name, lost }).toEqual({ name, lost: [] });
    }
  });

  it('is left to Slack as it is when nothing in it is Slack’s', () => {
    for (const name of ['a table', 'a nested list', 'a task list', 'emphasis of all kinds', 'a code block']) {
      expect(markdownOf(answer(name)).map((text) => text.trim())).toEqual([answer(name).trim()]);
    }
  });

  it('keeps an address, and shows every other angle bracket as a sign', () => {
    const [text] = markdownOf('<https://x.y/?a=1&b=2> <https://a.b|c> a<b> <!-- no --> <@U0123ABCD>');
    expect(text).toBe('<https://x.y/?a=1&b=2> &lt;https://a.b|c> a&lt;b> &lt;!-- no --> &lt;@U0123ABCD>');
  });

  it('keeps code to the letter, but for what would ping', () => {
    const body = '`a<b>` `<!here>`\n\n```html\n<!DOCTYPE html><!-- a --><p>&lt;</p>\n<@U0123ABCD>\n```';
    expect(markdownOf(body)).toEqual([body.replace('<!here', '\u2039!here').replace('<@U', '\u2039@U')]);
  });

  it('shows a table that is too large for Slack as it is written, in a code block', () => {
    expect(markdownOf(answer('a table of 300 short rows'))[0]).toMatch(
      /^~~~\n\|a\|b\|\n\|-\|-\|\n[^]*\n~~~$/,
    );
    expect(markdownOf(answer('a table of 40 columns'))[0]).toMatch(/^~~~\n/);
    expect(markdownOf(`| a |\n|---|\n${'| 1 |\n'.repeat(99)}`)[0]).toMatch(/^\| a \|/);
  });

  it('says headings and rules more plainly when there are more than Slack shows in a message', () => {
    expect(markdownOf(answer('sixty headings'))[0]).toMatch(/^Words\.\n\n\*\*Heading\*\*\n/);
    expect(markdownOf('# Heading\n\nWords.\n\n---\n')[0]).toBe('# Heading\n\nWords.\n\n---');
  });

  it('is shown as it is written when it grows too long otherwise', () => {
    const { blocks } = toSlackMessage('<'.repeat(MAX_BODY_LENGTH));
    expect(blocks[0]).toMatchObject({ type: 'rich_text', elements: [{ type: 'rich_text_preformatted' }] });
  });

  it('has words for a notification without marks, escaped', () => {
    const { text } = toSlackMessage(
      '# Done\n\n**Fixed** [the bug](https://x.y) in `a<b>` & more\n```ts\nlet a;\n```',
    );
    expect(text).toBe('Done\nFixed the bug in a&lt;b&gt; &amp; more\nlet a;');
    expect(toSlackMessage('&'.repeat(9_000)).text).toMatch(/^(?:&amp;)+…$/);
  });

  it('says that there is nothing to say', () => {
    expectWithinLimits(toSlackMessage(' \n'));
  });

  it('is within every limit whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '```\n',
        '`',
        '<!here>',
        '<@U0123ABCD>',
        '\n\n',
        '# ',
        '| a |\n|---|\n',
        '[',
        '](',
        '~~~\n',
        '<',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const body = fc
      .tuple(fc.array(piece, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 200 }))
      .map(([pieces, times]) => pieces.join('').repeat(times).slice(0, 30_000));
    fc.assert(
      fc.property(body, (whole) => {
        for (const message of toSlackMessages(whole)) expectWithinLimits(message);
      }),
    );
  });
});
