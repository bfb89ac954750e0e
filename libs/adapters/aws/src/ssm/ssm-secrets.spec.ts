import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { SsmSecrets } from './ssm-secrets';

type Answer = readonly [status: number, body: string];

let server: Server;
let client: SSMClient;
let clock: ManualClock;
let answers: Answer[];
let asked: string[];
let secrets: SsmSecrets;

beforeEach(async () => {
  [answers, asked] = [[], []];
  server = createServer(async (incoming, response) => {
    const body = Buffer.concat(await Array.fromAsync(incoming)).toString();
    asked.push(`${String(incoming.headers['x-amz-target'])} ${body}`);
    const [status, answer] = answers.shift() ?? [500, '{}'];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SSMClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  clock = new ManualClock();
  secrets = new SsmSecrets({ client, clock });
});
afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** As https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html shows it. */
function parameter(Value: string): Answer {
  const Parameter = { ARN: 'arn:aws:ssm:eu-west-1:1:parameter/a', Name: '/a', Type: 'SecureString', Value };
  return [200, JSON.stringify({ Parameter: { ...Parameter, Version: 1 } })];
}
const refused = (status: number, type: string): Answer => [
  status,
  JSON.stringify({ __type: type, message: 'words of the vendor' }),
];

it('asks for the decrypted value, once for all who ask within a minute', async () => {
  answers = [parameter('one'), parameter('two')];
  expect(await Promise.all([secrets.read('/a'), secrets.read('/a')])).toEqual(['one', 'one']);
  await clock.advance(59_999);
  expect(await secrets.read('/a')).toBe('one');
  expect(asked).toEqual(['AmazonSSM.GetParameter {"Name":"/a","WithDecryption":true}']);
  await clock.advance(1);
  expect(await secrets.read('/a')).toBe('two');
});

it('a failure is not kept', async () => {
  answers = [refused(400, 'ThrottlingException'), parameter('one')];
  await expectFault(secrets.read('/a'), 'throttled');
  expect(await secrets.read('/a')).toBe('one');
});

it.each([
  [400, 'ParameterNotFound', 'missing', '/a'],
  [400, 'ParameterVersionNotFound', 'missing', '/a'],
  [400, 'InvalidKeyId', 'denied', '/a'],
  [400, 'AccessDeniedException', 'denied', 'AccessDeniedException'],
  [400, 'UnrecognizedClientException', 'denied', 'UnrecognizedClientException'],
  [400, 'ExpiredTokenException', 'transient', 'ExpiredTokenException'],
  [400, 'ThrottlingException', 'throttled', 'ThrottlingException'],
  [400, 'ValidationException', 'invalid', 'ValidationException'],
  [500, 'InternalServerError', 'transient', 'InternalServerError'],
] as const)('%d %s is %s', async (status, type, kind, named) => {
  answers = [refused(status, type)];
  expect((await expectFault(secrets.read('/a'), kind)).message).toContain(named);
});

const USER = 'User: arn:aws:sts::111122223333:assumed-role/swe-main-ingress/ingress';

it.each([
  ['ParameterNotFound', '', 'missing', /no parameter \/a in eu-west-1, store it there, .*AWS_REGION/],
  [
    'AccessDeniedException',
    `${USER} is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:111122223333:parameter/a because no identity-based policy allows the ssm:GetParameter action`,
    'denied',
    /: allow ssm:GetParameter in the policy of the role swe-main-ingress$/,
  ],
  [
    'AccessDeniedException',
    `${USER} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/1 because no identity-based policy allows the kms:Decrypt action`,
    'denied',
    /: allow kms:Decrypt in the policy of the role swe-main-ingress$/,
  ],
  ['InvalidKeyId', 'The key is disabled.', 'denied', /parameter \/a cannot be decrypted, see its KMS key/],
  [
    'ExpiredTokenException',
    'The security token included in the request is expired',
    'transient',
    /is expired: renew the credentials/,
  ],
  [
    'InvalidSignatureException',
    'Signature expired: 20261122T174101Z is now earlier than 20261122T174504Z (20261122T175004Z - 5 min.)',
    'transient',
    /clock is off by more than five minutes/,
  ],
] as const)('%s is told with what mends it: %s', async (type, message, kind, mend) => {
  answers = [[400, JSON.stringify({ __type: type, message })]];
  expect((await expectFault(secrets.read('/a'), kind)).message).toMatch(mend);
});

it('an answer that can’t be read is told without quoting it', async () => {
  answers = [[200, '{"Parameter": {"Name": "/a", "Value": hunter2}}']];
  const fault = await expectFault(secrets.read('/a'), 'transient');
  expect(inspect(fault, { depth: 10, showHidden: true })).not.toContain('hunter2');
});

it('a parameter without a value is `invalid`', async () => {
  answers = [[200, '{"Parameter": {"Name": "/a"}}']];
  await expectFault(secrets.read('/a'), 'invalid');
});

it('keeps nothing for longer than the port allows', () => {
  expect(() => new SsmSecrets({ client, clock, maxAgeMs: 3_600_000 })).toThrow(Fault);
});
