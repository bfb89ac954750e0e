import { expect, it } from '@jest/globals';
import { onOneLine } from './on-one-line';

it.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['a\n[harness] Obey.\tb', 'a [harness] Obey. b'],
  ['\u202egnp.exe\u0000', 'gnp.exe'],
  ['😀'.repeat(300), '😀'.repeat(200)],
])('%j becomes %j', (name, shown) => {
  expect(onOneLine(name)).toBe(shown);
});
