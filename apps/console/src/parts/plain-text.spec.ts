import { expect, it } from '@jest/globals';
import { plainText } from './plain-text';

it.each([
  ['colours', '\u001b[31mred\u001b[0m and \u001b[1;38;5;12mblue', 'red and blue'],
  ['a link of a terminal’s', '\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007', 'here'],
  ['a title that is set', '\u001b]0;title\u001b\\text', 'text'],
  ['what is written over', 'progress 1 %\rprogress 100 %\r\ndone', 'progress 100 %\ndone'],
  ['a name that reads the other way', 'invoice\u202Efdp.exe', 'invoice\ufffdfdp.exe'],
  ['bells', 'a\u0007b\u0000c', 'a\ufffdb\ufffdc'],
  ['tabs and lines', '\ta\n\tb', '\ta\n\tb'],
])('takes %s for text', (_name, printed, shown) => {
  expect(plainText(printed)).toBe(shown);
});
