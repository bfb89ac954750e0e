import { describe, expect, it } from '@jest/globals';
import { agentConfig } from './agent';

const whole = {
  AWS_REGION: 'eu-west-1',
  SWE_TABLE_NAME: 'swe-main',
  SWE_BUCKET_NAME: 'swe-main-artifacts',
  SWE_EVENTS_HTTP_URL: 'https://abc.appsync-api.eu-west-1.amazonaws.com',
  SWE_EVENTS_REALTIME_URL: 'wss://abc.appsync-realtime-api.eu-west-1.amazonaws.com',
  SWE_SESSION_ID: 'sabcdefghij234567klmn',
  SWE_GENERATION: '3',
  SWE_MODEL: 'bedrock/anthropic.claude-opus-5-5',
  PATH: '/usr/bin',
};

const wrongIn = (environment: object): readonly string[] =>
  agentConfig.safeParse(environment).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('the agent’s configuration', () => {
  it('has defaults for what need not be said', () => {
    expect(agentConfig.parse(whole)).toMatchObject({
      SWE_ENV: 'main',
      SWE_GENERATION: 3,
      SWE_HOME: '/var/lib/swe-agent',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://169.254.169.254',
    });
  });

  it.each(Object.keys(whole))('names %s when it is missing', (name) => {
    expect(wrongIn({ ...whole, [name]: undefined })).toEqual([name]);
  });

  it.each([
    ['SWE_SESSION_ID', '../etc'],
    ['SWE_GENERATION', '0'],
    ['SWE_GENERATION', '1e3'],
    ['SWE_EVENTS_REALTIME_URL', 'https://abc.example'],
    ['SWE_EVENTS_HTTP_URL', 'file:///etc/passwd'],
    ['SWE_TABLE_NAME', 'a table'],
    ['SWE_BUCKET_NAME', 'Bucket'],
    ['SWE_ENV', 'Main'],
  ])('names %s when it is %s, and does not print that', (name, value) => {
    const { error } = agentConfig.safeParse({ ...whole, [name]: value });
    expect(error?.issues.map(({ path }) => path)).toEqual([[name]]);
    expect(error?.issues.map(({ message }) => message).join()).not.toContain(value);
  });
});
