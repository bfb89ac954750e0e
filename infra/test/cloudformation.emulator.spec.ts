import { describe, expect, it } from '@jest/globals';
import { lintTemplates, openMoto, useEmulator } from '@swe/testing/servers';
import { callJson, callQuery } from './aws-request';
import { STACKS, SYNTHESISED, templateOf, VARIANTS } from './variants';
import type { StackName, Template } from './variants';

const emulator = useEmulator(openMoto);

/**
 * What moto makes of a template, and deletes again. A network it can't delete with its stack, functions need a container,
 * and AppSync Events, budgets, HTTP APIs and Cognito's user pools it does not make.
 */
const MADE_BY_MOTO = [
  'AWS::DynamoDB::Table',
  'AWS::EC2::LaunchTemplate',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
];

/** A template without what moto does not make; what refers to that gets a word instead. */
function asFarAsMoto(template: Template): Template {
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => MADE_BY_MOTO.includes(Type));
  const dropped = Object.keys(template.Resources).filter((id) => !kept.some(([other]) => other === id));
  const replace = (key: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    // A parameter has them by name, which moto takes for a list.
    if (key === 'Tags' && !Array.isArray(value)) return undefined;
    const { Ref, 'Fn::GetAtt': attribute, DependsOn } = value as Record<string, unknown>;
    if (
      dropped.includes(String(Ref)) ||
      (Array.isArray(attribute) && dropped.includes(String(attribute[0])))
    ) {
      return 'arn:aws:swe:::not-made';
    }
    if (!Array.isArray(DependsOn)) return value;
    return { ...value, DependsOn: DependsOn.filter((id) => !dropped.includes(String(id))) };
  };
  return JSON.parse(
    JSON.stringify({ ...template, Resources: Object.fromEntries(kept) }, replace),
  ) as Template;
}

/** Parameters that AWS has, under names that moto lets nobody take. */
const IMAGE = /\/aws\/service\/debian\/[\w/]+/;

/** What is put into the bucket before these stacks are deployed. */
const DEPLOYED: Partial<Record<StackName, readonly [parameter: string, value: string]>> = {
  Agent: ['AgentArchive', `agent/${'0'.repeat(64)}.tar.gz`],
  Console: ['ConsoleFiles', `console/${'0'.repeat(64)}/`],
};

async function create(stack: StackName): Promise<readonly string[]> {
  const template = asFarAsMoto(templateOf(stack));
  const deployed = DEPLOYED[stack];
  await callQuery(emulator.endpoint, 'CreateStack', {
    StackName: stack,
    TemplateBody: JSON.stringify(template).replace(IMAGE, '/debian'),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    ...(deployed !== undefined && {
      'Parameters.member.1.ParameterKey': deployed[0],
      'Parameters.member.1.ParameterValue': deployed[1],
    }),
  });
  const described = await callQuery(emulator.endpoint, 'DescribeStackResources', { StackName: stack });
  const made = [...described.matchAll(/<ResourceType>(.*?)<\/ResourceType>/g)].map(([, type = '']) => type);
  expect(made.toSorted()).toEqual(
    Object.values(template.Resources)
      .map(({ Type }) => Type)
      .toSorted(),
  );
  return [...described.matchAll(/<ResourceStatus>(.*?)<\/ResourceStatus>/g)].map(([, status = '']) => status);
}

it('what moto can make of the stacks is made, and nothing of it is left', async () => {
  const { endpoint } = emulator;
  const parameters = { '/cdk-bootstrap/hnb659fds/version': '30', '/debian': 'ami-12c6146b' };
  for (const [Name, Value] of Object.entries(parameters)) {
    await callJson(endpoint, 'AmazonSSM.PutParameter', { Name, Value, Type: 'String' });
  }
  for (const stack of STACKS) expect(new Set(await create(stack))).toEqual(new Set(['CREATE_COMPLETE']));

  const left = async () => {
    const [tables, templates, told, roles] = await Promise.all([
      callJson(endpoint, 'DynamoDB_20120810.ListTables', {}),
      callQuery(endpoint, 'DescribeLaunchTemplates', {}, 'ec2'),
      callJson(endpoint, 'AmazonSSM.DescribeParameters', {}),
      callQuery(endpoint, 'ListRoles', {}, 'iam'),
    ]);
    return (
      [tables, templates, told, roles].join('\n').match(/\bswe-main\b[\w-]*|\/remote-swe\/[\w/-]+/g) ?? []
    );
  };
  expect(new Set(await left())).toEqual(
    new Set([
      'swe-main',
      'swe-main-agent',
      'swe-main-agent-session',
      'swe-main-image',
      'swe-main-ingress',
      'swe-main-worker-images',
      'swe-main-worker-manager',
      '/remote-swe/main/console',
      '/remote-swe/main/launch-template-id',
      '/remote-swe/main/launch-template-version',
      '/remote-swe/main/subnet-ids',
    ]),
  );
  for (const StackName of STACKS.toReversed()) {
    await callQuery(endpoint, 'DeleteStack', { StackName });
  }
  expect(await left()).toEqual([]);
}, 120_000);

describe('cfn-lint', () => {
  const variants = Object.keys(VARIANTS);

  it('has nothing to say about the templates', () => {
    const templates = variants.flatMap((variant) =>
      STACKS.map((stack) => `${SYNTHESISED}/${variant}/${stack}.template.json`),
    );
    expect(lintTemplates(templates)).toBe('');
  }, 240_000);
});
