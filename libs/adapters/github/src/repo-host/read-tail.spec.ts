import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTail } from './read-tail';

const streamOf = (text: string, size: number): ReadableStream<Uint8Array> => {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return ReadableStream.from(
    Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
  );
};

it.each([
  ['all that fits', 'one\ntwo\n', 8, 'one\ntwo\n'],
  ['whole lines of what does not', 'one\ntwo\nthree\n', 8, 'three\n'],
  ['a line that does not fit, as far as it does', 'one\nlong line\n', 5, 'line\n'],
  ['whole characters', 'größe', 4, 'ße'],
  ['nothing', '', 5, ''],
])('keeps %s', async (_name, text, maxBytes, expected) => {
  expect(await readTail(streamOf(text, 3), maxBytes)).toBe(expected);
});

it('is an end of it, however it comes', async () => {
  const sizes = fc.record({
    size: fc.integer({ min: 1, max: 20 }),
    maxBytes: fc.integer({ min: 4, max: 40 }),
  });
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, sizes, async (given, { size, maxBytes }) => {
      const tail = await readTail(streamOf(given, size), maxBytes);
      expect(given.endsWith(tail)).toBe(true);
      expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(maxBytes);
      expect(await readTail(streamOf(given, 1_000), maxBytes)).toBe(tail);
    }),
  );
});
