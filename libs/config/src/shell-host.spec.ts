import { expect, it } from '@jest/globals';
import { shellHostConfig } from './shell-host';

it.each([
  [{ LISTEN_FDS: '1' }, true],
  [{ SWE_SHELL_SOCKET: '/run/shell.sock' }, true],
  [{}, false],
  [{ LISTEN_FDS: '2' }, false],
  [{ LISTEN_FDS: '1', SWE_SHELL_SOCKET: '/run/shell.sock' }, false],
])('a shell host has exactly one socket: %j', (environment, isValid) => {
  expect(shellHostConfig.safeParse(environment).success).toBe(isValid);
});
