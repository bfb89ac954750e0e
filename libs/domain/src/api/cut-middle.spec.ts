import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutMiddle } from './cut-middle';

it('leaves a text alone that fits', () => {
  expect(cutMiddle('abcd', 4)).toEqual({ text: 'abcd', leftOut: 0 });
});

it('keeps the beginning and the end of a longer one, and counts what is between', () => {
  expect(cutMiddle('abcdefghij', 4)).toEqual({ text: 'ab\n…\nij', leftOut: 6 });
});

it('gives text that JSON can hold, wherever it cuts', () => {
  const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 20 }), (text, room) => {
      const cut = cutMiddle(text, room);
      expect(cut.text.isWellFormed()).toBe(true);
      expect(cut.text.length).toBeLessThanOrEqual(Math.max(text.length, room) + 3);
    }),
  );
});
