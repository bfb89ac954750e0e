import { expect, it } from '@jest/globals';
import { shellWord } from './shell-word';

it.each([
  ['swe/s1-issue-1:swe/s1-issue-1', 'swe/s1-issue-1:swe/s1-issue-1'],
  ['/home/ada/my shop.git', "'/home/ada/my shop.git'"],
  ['swe/$(reboot)', "'swe/$(reboot)'"],
  ["it's", String.raw`'it'\''s'`],
  ['', "''"],
])('%j is the word %s', (text, word) => expect(shellWord(text)).toBe(word));
