import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeText } from './decode-text';
import { mediaTypeOf } from './media-type';

const latin1 = (bytes: string) => Buffer.from(bytes, 'latin1');
const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** A ZIP of empty files. */
function zip(...names: string[]): Buffer {
  const local = 'PK\x03\x04';
  const entries = names.map((name) => {
    const header = Buffer.alloc(46);
    header.write('PK\x01\x02', 'latin1');
    header.writeUInt16LE(name.length, 28);
    return Buffer.concat([header, latin1(name)]);
  });
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([latin1(local), ...entries, end]);
}

const compound = (stream: string) =>
  Buffer.concat([latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), Buffer.from(`${stream}\0`, 'utf16le')]);

describe('the type of a file', () => {
  it.each<[string, Buffer, string | undefined]>([
    ['a PNG', latin1('\x89PNG\r\n\x1a\nx'), 'image/png'],
    ['a JPEG', latin1('\xff\xd8\xff\xe0'), 'image/jpeg'],
    ['a GIF', latin1('GIF89a'), 'image/gif'],
    ['a WebP', latin1('RIFF\x01\x02\x03\nWEBPVP8 '), 'image/webp'],
    ['a WAV', latin1('RIFF\x01\x02\x03\x04WAVE'), undefined],
    ['an SVG', latin1('<svg xmlns="http://www.w3.org/2000/svg"/>'), undefined],
    ['a PDF', latin1('%PDF-1.7\n'), 'application/pdf'],
    ['a Word file', zip('[Content_Types].xml', 'word/document.xml'), `${OFFICE}.wordprocessingml.document`],
    ['an Excel file', zip('[Content_Types].xml', 'xl/workbook.xml'), `${OFFICE}.spreadsheetml.sheet`],
    ['a ZIP', zip('a.txt'), undefined],
    ['a ZIP that breaks off', zip('word/document.xml').subarray(0, 60), undefined],
    ['an older Word file', compound('WordDocument'), 'application/msword'],
    ['an older Excel file', compound('Workbook'), 'application/vnd.ms-excel'],
    ['an encrypted Office file', compound('EncryptedPackage'), undefined],
    ['a program', latin1('MZ\x90\0'), undefined],
    ['nothing', latin1(''), undefined],
  ])('is told by its bytes: %s', (_name, bytes, expected) => {
    expect(mediaTypeOf(bytes)).toBe(expected);
  });

  it('is told of any bytes, without a failure', () => {
    const start = fc.constantFrom('', 'PK\x03\x04', 'PK\x05\x06', 'PK\x01\x02');
    fc.assert(
      fc.property(fc.array(fc.tuple(start, fc.uint8Array())), (pieces) => {
        const bytes = Buffer.concat(pieces.flatMap(([magic, rest]) => [latin1(magic), rest]));
        mediaTypeOf(Buffer.concat([latin1('PK\x03\x04'), bytes]));
        decodeText(bytes);
      }),
    );
  });
});

describe('the text of a file', () => {
  it.each<[string, Buffer, string | undefined]>([
    ['UTF-8', Buffer.from('a,ü\r\n\t\u001b[1m'), 'a,ü\r\n\t\u001b[1m'],
    ['UTF-8 with a mark', Buffer.from('\ufeffa'), 'a'],
    ['UTF-16', Buffer.from('\ufeffaü', 'utf16le'), 'aü'],
    ['Latin-1', latin1('K\xf6ln;7'), 'Köln;7'],
    ['nothing', latin1(''), ''],
    ['a program', latin1('MZ\x90\0'), undefined],
    ['bytes of any value', Buffer.from(Array.from({ length: 256 }, (_, i) => i)), undefined],
  ])('is read where it has one: %s', (_name, bytes, expected) => {
    expect(decodeText(bytes)).toBe(expected);
  });
});
