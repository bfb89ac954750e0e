import { expect, it } from '@jest/globals';
import { readCassette } from './cassette';

it.each([
  ['of another version', '{"cassette": 7}', /^This is no cassette of version 1: cassette: /],
  ['that is no JSON', 'once upon a time', /^This is no cassette of version 1: the file: /],
])('a file %s is told in one line', (_name, text, words) => {
  expect(() => readCassette(text)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  expect(() => readCassette(text)).toThrow(words);
  expect(() => readCassette(text)).not.toThrow(/\n/);
});
