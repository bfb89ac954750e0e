import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BAND, flushPkt, onBand, pktLine, pktLineLength, PktLineSplitter } from './pkt-line';

/** `bytes` in pieces that end wherever they like. */
function* pieces(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (const length of [...lengths, bytes.length]) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

describe('lines of git’s protocol', () => {
  // https://git-scm.com/docs/gitprotocol-common#_pkt_line_format
  it.each([
    ['a\n', '0006a\n'],
    ['a', '0005a'],
    ['foobar\n', '000bfoobar\n'],
  ])('%j is written %j', (content, written) => {
    expect(pktLine(content).toString()).toBe(written);
  });

  it.each([
    ['0000', 0],
    ['0005', 5],
    ['000b', 11],
    ['000B', 11],
    ['fff0', 65_520],
    ['0001', undefined],
    ['0002', undefined],
    ['0004', undefined],
    ['fff1', undefined],
    ['ffff', undefined],
    ['-001', undefined],
    ['0x1f', undefined],
    [' 12a', undefined],
    ['PACK', undefined],
  ])('%j says a length of %s', (head, length) => {
    expect(pktLineLength(Buffer.from(head))).toBe(length);
  });

  it('come out as they went in, however they are cut', () => {
    const content = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const lengths = fc.array(fc.nat({ max: 50 }));
    fc.assert(
      fc.property(fc.array(content), lengths, (contents, cuts) => {
        const whole = Buffer.concat([...contents.map((bytes) => pktLine(bytes)), flushPkt()]);
        const splitter = new PktLineSplitter();
        const lines = [...pieces(whole, cuts)].flatMap((piece) => [...splitter.take(piece)]);
        expect(Buffer.concat(lines)).toEqual(Buffer.concat(contents));
        expect(lines).toHaveLength(contents.length + 1);
      }),
    );
  });

  it('end for good where there is none', () => {
    const splitter = new PktLineSplitter();
    expect([...splitter.take(Buffer.from('0006a\nPACK0006b\n'))].map(String)).toEqual(['a\n']);
    expect([...splitter.take(Buffer.from('0006c\n'))]).toEqual([]);
  });

  it('share an answer, in as many as it takes', () => {
    const content = Buffer.alloc(100_000, 'x');
    const lines = [...new PktLineSplitter().take(onBand(BAND.data, content))];
    expect(lines.map(({ length }) => length)).toEqual([65_516, 34_486]);
    expect(lines.every(([band]) => band === BAND.data)).toBe(true);
    expect(Buffer.concat(lines.map((line) => line.subarray(1)))).toEqual(content);
  });
});
