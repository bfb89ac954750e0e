import type { EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
  ['RequestExpired', 'transient', ['clock', 'credentials have expired']],
  ['InvalidParameterValue', 'invalid', ['words of the vendor']],
  ['InvalidSubnetID.NotFound', 'invalid', ['words of the vendor', 'SWE_SUBNET_IDS']],
  ['InvalidAMIID.NotFound', 'invalid', [TEMPLATE.name]],
  ['OptInRequired', 'denied', ['words of the vendor']],
  ['IdempotentParameterMismatch', 'transient', ['words of the vendor']],
  ['IdempotentInstanceTerminated', 'conflict', ['words of the vendor']],
  ['InvalidInstanceID.NotFound', 'transient', ['words of the vendor']],
] as const)('a launch for which EC2 says %s is `%s`, with what to do', async (code, kind, words) => {
  const { message } = await faultAfter('RunInstances', new Ec2Refusal(code), kind);
  for (const word of words) expect(message).toContain(word);
});

it('a denied permission names the action, the role and what EC2 can decode', async () => {
  const user = 'User: arn:aws:sts::111122223333:assumed-role/swe-main-worker-manager/look';
  const words = `You are not authorized to perform this operation. ${user} is not authorized to perform: ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:111122223333:instance/* because no identity-based policy allows the ec2:CreateTags action. Encoded authorization failure message: ${'x'.repeat(900)}`;
  const refusal = new Ec2Refusal('UnauthorizedOperation', words, 403);
  const { message, cause } = await faultAfter('RunInstances', refusal, 'denied');
  expect(message).toMatch(/: allow ec2:CreateTags in the policy of the role swe-main-worker-manager, and/);
  expect(message).not.toContain('Encoded');
  expect(String(cause)).toContain('xxx');
});

it.each([
  ['Blocked', 'Your account is currently blocked.', 'denied'],
  ['ExpiredToken', 'The security token included in the request is expired', 'transient'],
  ['InvalidClientTokenId', 'The security token included in the request is invalid.', 'denied'],
  [
    'SignatureDoesNotMatch',
    'Signature expired: 20261122T062952Z is now earlier than 20261122T062953Z (20261122T064453Z - 15 min.)',
    'transient',
  ],
] as const)('%s is told in the words of the vendor', async (code, words, kind) => {
  const { message } = await faultAfter('DescribeInstances', new Ec2Refusal(code, words), kind);
  expect(message).toContain(words.replace(/\.$/, ''));
});

describe('a kind of machine', () => {
  const WRONG = [
    new Ec2Refusal('InvalidParameterValue', "Invalid value 'm9z.large' for InstanceType."),
    new Ec2Refusal('InvalidInstanceType', "The instance type 'm9z.large' does not exist."),
    new Ec2Refusal(
      'Unsupported',
      'Your requested instance type (m9z.large) is not supported in your requested Availability Zone (us-east-1e).',
    ),
    new Ec2Refusal(
      'InvalidParameterValue',
      "The requested instance type's architecture (x86_64) does not match the architecture in the manifest for ami-1 (arm64)",
    ),
  ];
  const instanceTypes = ['m9z.large', 'm7i.large'];

  it.each(WRONG)('that EC2 does not take gives way to the next: %s', async (refusal) => {
    ec2.before = ({ parameters }) => (parameters['InstanceType'] === 'm9z.large' ? refusal : undefined);
    await ec2ComputeOf(client, { instanceTypes }).ensure(`s-${WRONG.indexOf(refusal)}`, 1);
    expect(ec2.world.instances.at(-1)).toMatchObject({ instanceType: 'm7i.large' });
  });

  it.each(WRONG)('of which EC2 takes none is the setting to correct: %s', async (refusal) => {
    const { message } = await faultAfter('RunInstances', refusal, 'invalid');
    expect(message).toMatch(new RegExp(`m7i.large in subnet-1: ${refusal.code}.*SWE_INSTANCE_TYPES$`));
  });

  it('for which there is no room passes, and more are asked for', async () => {
    const { message } = await faultAfter('RunInstances', new Ec2Refusal('VcpuLimitExceeded'), 'transient');
    expect(message).toMatch(/m6i.large in subnet-2: VcpuLimitExceeded.*SWE_SUBNET_IDS.*quota/);
  });
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
