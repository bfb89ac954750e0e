import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import type { JsonValue } from '@swe/domain';
import type { ToolContext } from '../agent/tool';
import { todo } from './todo';

async function write(items: JsonValue) {
  const { content, isError = false } = await todo().call({ items }, {} as ToolContext);
  return { said: textOf(content), isError };
}

const open = (count: number): JsonValue =>
  Array.from({ length: count }, (_, i) => ({ text: `step ${i}`, status: 'open' }));

describe('todo', () => {
  it('shows the list as it is now', async () => {
    const items = [
      { text: 'Read the code', status: 'done' },
      { text: 'Fix\n  the bug ', status: 'doing' },
      { text: 'Open a pull request', status: 'open' },
    ];
    expect(await write(items)).toEqual({
      said: '[x] Read the code\n[>] Fix the bug\n[ ] Open a pull request\n(1 of 3 done)',
      isError: false,
    });
  });

  it.each([
    ['an empty list', [], '(0 of 0 done)'],
    ['a list with nothing being done', open(50), '(0 of 50 done)'],
  ])('takes %s', async (_name, items, words) => {
    const { said, isError } = await write(items);
    expect(isError).toBe(false);
    expect(said).toContain(words);
  });

  it.each<[string, JsonValue, string]>([
    ['two at once', [1, 2].map((i) => ({ text: `step ${i}`, status: 'doing' })), 'At most one item'],
    ['more than 50', open(51), 'items'],
    ['an item without words', [{ text: ' ', status: 'open' }], 'text'],
    ['an item of a novel', [{ text: 'x'.repeat(201), status: 'open' }], 'text'],
    ['a status of its own', [{ text: 'x', status: 'blocked' }], 'status'],
    ['no list', 'x', 'items'],
  ])('refuses %s', async (_name, items, words) => {
    const { said, isError } = await write(items);
    expect(isError).toBe(true);
    expect(said).toContain(words);
  });
});
