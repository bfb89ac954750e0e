import { describe, expect, it } from '@jest/globals';
import { parseCommand } from './parse-command';

const ID = 'sabcdefghij234567klmn';

describe('a command', () => {
  it.each([
    ['help', { name: 'help' }],
    ['  Status ', { name: 'status' }],
    ['/stop', { name: 'stop' }],
    [`end ${ID}`, { name: 'end', sessionId: ID }],
    ['approve_user <@U123>', { name: 'approve_user', user: 'U123' }],
    ['approve_user <@U123|ada>', { name: 'approve_user', user: 'U123' }],
    ['revoke_user U123', { name: 'revoke_user', user: 'U123' }],
    ['approve_user Ada', { name: 'unclear', usage: 'approve_user @somebody' }],
    [`take_over ${ID}`, { name: 'take_over', sessionId: ID }],
    ['take_over it', { name: 'unclear', usage: 'take_over <id of the session>' }],
    ['list_users', { name: 'list_users' }],
  ])('is %j', (text, command) => {
    expect(parseCommand(text)).toEqual(command);
  });

  it.each([
    '',
    'stop using tabs',
    'status of the build?',
    'help me with the tests',
    'end the loop at 10',
    'history of this file, please',
    'Fix it.\nstop',
    'stopp',
  ])('is not %j', (text) => {
    expect(parseCommand(text)).toBeUndefined();
  });
});
