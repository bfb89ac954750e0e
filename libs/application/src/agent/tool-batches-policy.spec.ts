import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toolBatches } from './tool-batches-policy';

/** One call per letter: `r` reads, `a` acts. */
function batchesOf(letters: string): readonly string[] {
  const calls = [...letters].map((letter, i) => ({
    type: 'tool-call' as const,
    callId: `${i}`,
    name: letter,
    input: {},
  }));
  const batches = toolBatches(calls, ({ name }) => (name === 'r' ? 'reads' : 'acts'));
  expect(batches.flat()).toEqual(calls);
  return batches.map((batch) => batch.map(({ name }) => name).join(''));
}

describe('tool calls run', () => {
  it.each([
    ['', []],
    ['r', ['r']],
    ['a', ['a']],
    ['rrr', ['rrr']],
    ['aa', ['a', 'a']],
    ['rra', ['rr', 'a']],
    ['arr', ['a', 'rr']],
    ['rarr', ['r', 'a', 'rr']],
    ['rraarar', ['rr', 'a', 'a', 'r', 'a', 'r']],
  ])('%j as %j', (letters, expected) => {
    expect(batchesOf(letters)).toEqual(expected);
  });

  it('in order, acts alone, and no two batches of reads next to each other', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('r', 'a') }), (letters) => {
        const batches = batchesOf(letters);
        expect(batches.join('|')).toMatch(/^(?:(?:r+|a)(?:\||$))*$/);
        expect(batches.join('|')).not.toContain('r|r');
      }),
    );
  });
});
