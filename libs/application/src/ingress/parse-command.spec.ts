import { describe, expect, it } from '@jest/globals';
import { parseCommand } from './parse-command';

const ID = 'sabcdefghij234567klmn';
const HASH = '0123456789abcdef'.repeat(4);

describe('a command', () => {
  it.each([
    ['help', { name: 'help' }],
    ['  Status ', { name: 'status' }],
    ['/stop', { name: 'stop' }],
    [`end ${ID}`, { name: 'end', sessionId: ID }],
    ['approve_user <@U123>', { name: 'approve_user', user: 'U123' }],
    ['approve_user <@U123|ada>', { name: 'approve_user', user: 'U123' }],
    ['revoke_user U123', { name: 'revoke_user', user: 'U123' }],
    [`approve_mcp ${HASH}`, { name: 'approve_mcp', hash: HASH }],
    [`revoke_mcp ${HASH}`, { name: 'revoke_mcp', hash: HASH }],
    ['approve_mcp abc', { name: 'unclear', usage: 'approve_mcp <hash of the file, as I named it>' }],
    ['approve_user Ada', { name: 'unclear', usage: 'approve_user @somebody' }],
    [`take_over ${ID}`, { name: 'take_over', sessionId: ID }],
    ['take_over it', { name: 'unclear', usage: 'take_over <id of the session>' }],
    ['list_users', { name: 'list_users' }],
    ['budget', { name: 'budget' }],
    ['Budget 20', { name: 'budget', usd: 20 }],
    ['budget $20', { name: 'budget', usd: 20 }],
    ['/budget 20.50', { name: 'budget', usd: 20.5 }],
    [`budget ${ID}`, { name: 'budget', sessionId: ID }],
    [`budget 5 ${ID}`, { name: 'budget', usd: 5, sessionId: ID }],
    ...[
      '0',
      '-5',
      '0.001',
      '1e9',
      '100001',
      'NaN',
      'Infinity',
      '-$3',
      '1,5',
      '1.2.3',
      '$-1',
      '20€',
      '€20',
      '20 EUR',
      '20 dollars',
      `20€ ${ID}`,
    ].map(
      (amount) =>
        [`budget ${amount}`, { name: 'unclear', usage: 'budget <US dollars, such as 20 or 2.50>' }] as const,
    ),
    ['model', { name: 'model' }],
    ['model opus', { name: 'unclear', usage: 'model <provider>/<id>' }],
    [`model opus ${ID}`, { name: 'unclear', usage: 'model <provider>/<id>' }],
    ['model default', { name: 'model', id: 'default' }],
    ['model anthropic/claude-opus-5-5', { name: 'model', id: 'anthropic/claude-opus-5-5' }],
    ['model bedrock/us.amazon.nova:0@us-east-1', { name: 'model', id: 'bedrock/us.amazon.nova:0@us-east-1' }],
    [`model openai/gpt-6-sol ${ID}`, { name: 'model', id: 'openai/gpt-6-sol', sessionId: ID }],
    [`model ${ID}`, { name: 'model', sessionId: ID }],
    ['allow workflows', { name: 'workflows', isAllowed: true }],
    ['/Forbid Workflows', { name: 'workflows', isAllowed: false }],
    [`allow workflows ${ID}`, { name: 'workflows', isAllowed: true, sessionId: ID }],
    ['agent', { name: 'agent' }],
    ['/agent Code-Reviewer_2', { name: 'agent', agent: 'Code-Reviewer_2' }],
    [`agent default ${ID}`, { name: 'agent', agent: 'default', sessionId: ID }],
    ['agent ../secrets', { name: 'unclear', usage: 'agent <name>' }],
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
    'budget the trip for me',
    'budget 20 dollars for the trip',
    'budget it',
    'model the domain',
    'allow',
    'allow it',
    `allow ${ID}`,
    'allow workflows to be skipped',
    'forbid the workflows',
    'agent smith is wrong',
    'model it all',
    'budget 20 days',
    'model anthropic/claude-opus-5-5 is too slow',
    `model ${ID} and ${ID}`,
  ])('is not %j', (text) => {
    expect(parseCommand(text)).toBeUndefined();
  });
});
