import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Preview } from './preview';

function previewOf(limitBytes: number, chunks: readonly Buffer[]) {
  const preview = new Preview(limitBytes);
  for (const chunk of chunks) preview.add(chunk);
  return preview.read();
}

describe('Preview', () => {
  it('of text is its head and tail, however it arrives, and counts what is between', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.nat(40),
        fc.array(fc.nat(9)),
        (text, limitBytes, cuts) => {
          const bytes = Buffer.from(text);
          const chunks: Buffer[] = [];
          let start = 0;
          for (const length of [...cuts, bytes.length]) {
            chunks.push(bytes.subarray(start, start + length));
            start += length;
          }
          const { head, tail, omittedBytes, totalBytes } = previewOf(limitBytes, chunks);
          const shown = Buffer.byteLength(head) + Buffer.byteLength(tail);
          expect(totalBytes).toBe(bytes.length);
          expect(shown + omittedBytes).toBe(totalBytes);
          expect(shown).toBeLessThanOrEqual(limitBytes);
          expect(bytes.length <= limitBytes ? head : text).toBe(text);
          expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
        },
      ),
    );
  });

  it('of bytes that are no text shows replacement characters', () => {
    const { head, tail, omittedBytes } = previewOf(4, [Buffer.from([0xff, 0xfe, 0, 0, 0, 0, 0x41, 0xff])]);
    expect({ head, tail, omittedBytes }).toEqual({ head: '\uFFFD\uFFFD', tail: 'A\uFFFD', omittedBytes: 4 });
  });
});
