import { expect, it } from '@jest/globals';
import { localConfig } from '@swe/config/local';
import { settingsOf } from './settings';

it('every key of a vendor’s counts as a secret, and nothing else does', () => {
  const keys = {
    ANTHROPIC_API_KEY: 'a',
    OPENAI_API_KEY: 'b',
    AWS_SECRET_ACCESS_KEY: 'c',
    AWS_SESSION_TOKEN: 'd',
    AWS_BEARER_TOKEN_BEDROCK: 'e',
  };
  const others = { PATH: '/bin', AWS_REGION: 'us-west-2', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE' };
  expect(settingsOf(localConfig.parse({ ...keys, ...others })).secrets).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(settingsOf(localConfig.parse({ ...others, AWS_SESSION_TOKEN: '' })).secrets).toEqual([]);
});
