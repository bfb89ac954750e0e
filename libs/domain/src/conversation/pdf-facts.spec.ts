import { expect, it } from '@jest/globals';
import { pdfFacts } from './pdf-facts';

const facts = (body: string) => pdfFacts(Buffer.from(`%PDF-1.7\n${body}\n%%EOF`, 'latin1'));

it.each<[string, string, number | undefined]>([
  [
    'its pages one by one',
    '1 0 obj <</Type/Page>> endobj 2 0 obj <</Type /Page /Parent 3 0 R>> endobj 3 0 obj <</Type/Pages>> endobj',
    2,
  ],
  ['their tree', '1 0 obj <</Count 612 /Kids [2 0 R] /Type /Pages>> endobj', 612],
  [
    'the root of the tree',
    '1 0 obj <</Type/Pages/Count 8>> endobj 2 0 obj <</Type/Pages/Count 90>> endobj',
    90,
  ],
  ['its first object', '1 0 obj <</Linearized 1/L 54/H [9 9]/O 3/E 9/N 34/T 9>> endobj', 34],
  ['nothing that is not compressed', '1 0 obj <</Type/ObjStm/N 7>> stream ... endstream endobj', undefined],
  ['a count of something else', '1 0 obj <</Type/Outlines/Count 9>> endobj', undefined],
])('a PDF tells how many pages it has by %s', (_name, body, pages) => {
  expect(facts(body)).toEqual({ pages, isEncrypted: false });
});

it.each([
  ['trailer <</Root 1 0 R /Encrypt 12 0 R>>', true],
  ['trailer <</Encrypt<</Filter/Standard>> >>', true],
  ['trailer <</Root 1 0 R>>', false],
  ['(how to /Encrypt)', false],
])('a PDF tells that it is encrypted: %s', (trailer, isEncrypted) => {
  expect(facts(trailer).isEncrypted).toBe(isEncrypted);
});
