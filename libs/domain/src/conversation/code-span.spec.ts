import { expect, it } from '@jest/globals';
import { codeSpan } from './code-span';

it.each([
  ['npm test', '`npm test`'],
  ['a | b', '`a | b`'],
  ['`date`', '`` `date` ``'],
  ['a ``b`` `c`', '``` a ``b`` `c` ```'],
  ['a\n\n  b\r\nc', '`a ⏎ b ⏎ c`'],
  ['a\u202eb\u0007\tc', '`ab c`'],
  ['x'.repeat(21), `\`${'x'.repeat(20)}…\``],
  ['', '` `'],
])('%j is the code span %j', (text, span) => {
  expect(codeSpan(text, 20)).toBe(span);
});
