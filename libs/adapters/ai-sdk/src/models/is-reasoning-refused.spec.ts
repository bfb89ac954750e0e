import { expect, it } from '@jest/globals';
import { isReasoningRefused } from './is-reasoning-refused';
import type { VendorError } from './vendor-error';

const error = (rest: Partial<VendorError>): VendorError => ({
  status: 400,
  names: ['invalid_request_error'],
  syscalls: [],
  message: 'No.',
  headers: {},
  ...rest,
});

it.each<[boolean, Partial<VendorError>]>([
  [true, { names: ['invalid_request_error', 'invalid_encrypted_content'] }],
  [true, { message: 'messages.5.content.0: Invalid `signature` in `thinking` block' }],
  [
    true,
    {
      message:
        'messages.5.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.',
    },
  ],
  [false, {}],
  [false, { message: 'messages.5.content.0: Invalid `data` in `image` block' }],
  [false, { status: 500, message: 'Invalid `signature` in `thinking` block' }],
])('%s: reasoning is refused by %j', (isRefused, rest) => {
  expect(isReasoningRefused(error(rest))).toBe(isRefused);
});
