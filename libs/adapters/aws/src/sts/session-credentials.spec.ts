import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { sessionCredentials } from './session-credentials';

type Answer = readonly [status: number, body: string];

const ROLE = 'arn:aws:iam::111122223333:role/swe-main-agent-session';
const SESSION = 'sabcdefghijklmnopqrst';
const HOUR_MS = 3_600_000;

let server: Server;
let client: STSClient;
let clock: ManualClock;
let answers: Answer[];
let asked: URLSearchParams[];
let credentials: ReturnType<typeof sessionCredentials>;

beforeEach(async () => {
  [answers, asked] = [[], []];
  server = createServer(async (incoming, response) => {
    asked.push(new URLSearchParams(Buffer.concat(await Array.fromAsync(incoming)).toString()));
    const [status, answer] = answers.shift() ?? [500, ''];
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new STSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'machine', secretAccessKey: 'machine' },
    maxAttempts: 1,
  });
  clock = new ManualClock();
  credentials = sessionCredentials({ client, roleArn: ROLE, sessionId: SESSION, clock });
});
afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** As https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html shows it. */
function assumed(accessKeyId: string, untilMs: number): Answer {
  return [
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>${new Date(untilMs).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  ];
}

function refused(status: number, code: string, message = 'words of the vendor'): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return [
    status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}</ErrorResponse>`,
  ];
}

it('takes the role as the session, by its tag and by its name', async () => {
  answers = [assumed('one', clock.nowMs() + HOUR_MS)];
  expect(await credentials()).toEqual({
    accessKeyId: 'one',
    secretAccessKey: 'secret',
    sessionToken: 'token',
    expiration: new Date(clock.nowMs() + HOUR_MS),
  });
  expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: ROLE,
    RoleSessionName: SESSION,
    DurationSeconds: '3600',
    'Tags.member.1.Key': 'swe:session',
    'Tags.member.1.Value': SESSION,
  });
  expect([...(asked[0]?.keys() ?? [])].filter((key) => key.startsWith('Tags.member.2'))).toEqual([]);
});

it('asks once for all who ask, until ten minutes are left', async () => {
  answers = [assumed('one', clock.nowMs() + HOUR_MS), assumed('two', clock.nowMs() + 2 * HOUR_MS)];
  const [one, same] = await Promise.all([credentials(), credentials()]);
  expect(same).toBe(one);
  await clock.advance(HOUR_MS - 600_001);
  expect(await credentials()).toBe(one);
  await clock.advance(1);
  expect(await credentials()).toMatchObject({ accessKeyId: 'two' });
  expect(asked).toHaveLength(2);
});

it('gives on what still holds while STS fails, and no longer', async () => {
  answers = [assumed('one', clock.nowMs() + HOUR_MS), refused(500, 'InternalFailure')];
  const one = await credentials();
  await clock.advance(HOUR_MS - 1);
  expect(await credentials()).toBe(one);
  await clock.advance(1);
  answers = [refused(500, 'InternalFailure'), assumed('two', clock.nowMs() + HOUR_MS)];
  await expectFault(credentials(), 'transient');
  expect(await credentials()).toMatchObject({ accessKeyId: 'two' });
});

it('says which role is to be allowed what', async () => {
  const words = `User: arn:aws:sts::111122223333:assumed-role/swe-main-agent/i-1 is not authorized to perform: sts:TagSession on resource: ${ROLE}`;
  answers = [refused(403, 'AccessDenied', words)];
  const { message } = await expectFault(credentials(), 'denied');
  expect(message).toMatch(/allow sts:TagSession in the policy of the role swe-main-agent$/);
});

it('an answer without credentials is `transient`', async () => {
  answers = [[200, '<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>']];
  await expectFault(credentials(), 'transient');
});
