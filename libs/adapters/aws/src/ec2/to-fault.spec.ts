import type { EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { Ec2Refusal, openLoopbackEc2 } from '@swe/testing/servers';
import type { LoopbackEc2 } from '@swe/testing/servers';
import { ec2ClientOf, ec2ComputeOf, TEMPLATE } from './ec2-fixture';

let ec2: LoopbackEc2;
let client: EC2Client;

beforeAll(async () => {
  ec2 = await openLoopbackEc2();
  client = ec2ClientOf(ec2.endpoint);
});
beforeEach(() => {
  ec2.before = () => undefined;
});
afterAll(async () => {
  client.destroy();
  await ec2.close();
});

/** What a launch ends with when EC2 refuses a call. */
async function faultAfter(action: string, refusal: Ec2Refusal, kind: Parameters<typeof expectFault>[1]) {
  ec2.before = (call) => (call.action === action ? refusal : undefined);
  return expectFault(ec2ComputeOf(client).ensure('s1', 1), kind);
}

it.each([
  ['InvalidLaunchTemplateName.NotFoundException', 'invalid', [TEMPLATE.name, 'eu-west-1', 'AWS_REGION']],
  ['InvalidLaunchTemplateId.VersionNotFound', 'invalid', [TEMPLATE.name]],
  ['UnauthorizedOperation', 'denied', ['ec2:RunInstances', 'iam:PassRole']],
  ['AuthFailure', 'denied', ['eu-west-1', 'clock']],
  ['RequestExpired', 'denied', ['clock']],
  ['InvalidParameterValue', 'invalid', ['words of the vendor']],
  ['InvalidSubnetID.NotFound', 'invalid', ['words of the vendor']],
  ['OptInRequired', 'denied', ['words of the vendor']],
  ['IdempotentParameterMismatch', 'transient', ['words of the vendor']],
  ['IdempotentInstanceTerminated', 'conflict', ['words of the vendor']],
  ['InvalidInstanceID.NotFound', 'transient', ['words of the vendor']],
] as const)('a launch for which EC2 says %s is `%s`, with what to do', async (code, kind, words) => {
  const { message } = await faultAfter('RunInstances', new Ec2Refusal(code), kind);
  for (const word of words) expect(message).toContain(word);
});

it.each([
  ['RequestLimitExceeded', 'throttled', 503],
  ['InternalError', 'transient', 500],
  ['Unavailable', 'transient', 503],
  ['UnauthorizedOperation', 'denied', 403],
] as const)('a look for which EC2 says %s is `%s`', async (code, kind, status) => {
  await faultAfter('DescribeInstances', new Ec2Refusal(code, 'words of the vendor', status), kind);
});

it('a template that is not there is found out at the first place', async () => {
  ec2.world.templates = [];
  await expectFault(ec2ComputeOf(client).ensure('s1', 1), 'invalid');
  ec2.world.templates = undefined;
});
