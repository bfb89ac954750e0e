import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Permission } from '../permission';

export interface ManageMachinesOptions {
  readonly environment: string;
  readonly launchTemplateId: string;
  readonly roleName: string;
}

/** By which an environment's machines are told: `libs/adapters/aws/src/ec2/machine.ts` */
const TAG = 'swe:environment';
const TAGS = [TAG, 'swe:session', 'swe:generation'];

const BY_TEMPLATE = "Only what is asked for by the environment's launch template.";
const BY_TAG = "Only what has the environment's tag.";

/**
 * To launch machines by the environment's template, with its tag, and to touch no other: which keys of a request these
 * conditions read is in https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function manageMachines(scope: Construct, options: ManageMachinesOptions): readonly Permission[] {
  const { environment, launchTemplateId, roleName } = options;
  const stack = Stack.of(scope);
  const ec2 = (resource: string, resourceName = '*') =>
    stack.formatArn({ service: 'ec2', resource, resourceName });
  const template = ec2('launch-template', launchTemplateId);
  const image = `arn:${stack.partition}:ec2:${stack.region}::image/*`;
  const byTemplate = { ArnEquals: { 'ec2:LaunchTemplate': template } };
  const asOurs = { [`aws:RequestTag/${TAG}`]: environment };
  const ours = { [`aws:ResourceTag/${TAG}`]: environment };
  return [
    {
      actions: ['ec2:RunInstances'],
      resources: [ec2('instance'), ec2('volume')],
      conditions: { ...byTemplate, StringEquals: asOurs },
      wildcard: BY_TEMPLATE,
    },
    {
      actions: ['ec2:RunInstances'],
      resources: [template, image, ec2('network-interface'), ec2('security-group'), ec2('subnet')],
      conditions: byTemplate,
      wildcard: BY_TEMPLATE,
    },
    {
      actions: ['ec2:CreateTags'],
      resources: [ec2('instance'), ec2('volume')],
      conditions: { StringEquals: { 'ec2:CreateAction': 'RunInstances', ...asOurs } },
      wildcard: 'Only while they are launched.',
    },
    // For the generation that an instance is started as.
    {
      actions: ['ec2:CreateTags'],
      resources: [ec2('instance')],
      conditions: {
        StringEquals: { ...ours, ...asOurs },
        'ForAllValues:StringEquals': { 'aws:TagKeys': TAGS },
      },
      wildcard: BY_TAG,
    },
    {
      actions: ['ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances'],
      resources: [ec2('instance')],
      conditions: { StringEquals: ours },
      wildcard: BY_TAG,
    },
    { actions: ['ec2:DescribeInstances'], resources: ['*'], wildcard: 'This action knows no resources.' },
    {
      actions: ['iam:PassRole'],
      resources: [stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName })],
      conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    },
  ];
}
