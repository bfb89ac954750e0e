import { describe, expect, it } from '@jest/globals';
import { withTextArguments } from './with-text-arguments';

/** The lines that come out, when they came in chunks of `size` characters. */
async function through(stream: string, size: number): Promise<string> {
  const chunks = stream.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  const body = ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
  const fetch = withTextArguments(() => Promise.resolve(new Response(body)));
  return (await fetch('http://127.0.0.1')).text();
}

const chunk = (args: unknown, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'x', choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: args } }], ...more } }] })}`;

/** Line by line, so that the order of keys doesn't count. */
const parsed = (stream: string): unknown[] =>
  stream
    .split('\n')
    .map((line) => (/^data: \{.*\}$/.test(line) ? JSON.parse(line.slice(5)) : line) as unknown);

describe('arguments', () => {
  it.each<[string, string, string]>([
    ['as text stay', chunk('{"a":1}'), chunk('{"a":1}')],
    ['as an object become text', chunk({ a: { b: 1 } }), chunk('{"a":{"b":1}}')],
    [
      'in what was said stay',
      chunk('', { content: '"arguments": {' }),
      chunk('', { content: '"arguments": {' }),
    ],
    ['in what is no JSON stay', 'data: {"arguments": {', 'data: {"arguments": {'],
    ['elsewhere stay', 'data: {"arguments": {"a":1}}', 'data: {"arguments": {"a":1}}'],
    ['after them the stream goes on', `${chunk({})}\n\ndata: [DONE]\n`, `${chunk('{}')}\n\ndata: [DONE]\n`],
  ])('%s', async (_name, given, expected) => {
    for (const size of [1, 7, 10_000]) expect(parsed(await through(given, size))).toEqual(parsed(expected));
  });

  it('of a refusal are left alone', async () => {
    const refusal = new Response(chunk({}), { status: 400 });
    const fetch = withTextArguments(() => Promise.resolve(refusal));
    expect(await fetch('http://127.0.0.1')).toBe(refusal);
  });
});
