import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { OLDEST_BOOTSTRAP } from '@swe/adapter-aws/deployment';
import { deployedNames } from '@swe/config/deployment';
import { propertiesOf, STACKS, SYNTHESISED, templateOf, VARIANTS } from './variants';
import type { Variant } from './variants';

/** What the CDK says of the stacks that it deploys. */
function deployedStacks(variant: Variant) {
  const { artifacts } = JSON.parse(readFileSync(join(SYNTHESISED, variant, 'manifest.json'), 'utf8')) as {
    artifacts: Record<
      string,
      { type: string; properties: { stackName: string; requiresBootstrapStackVersion: number } }
    >;
  };
  return Object.values(artifacts)
    .filter(({ type }) => type === 'aws:cloudformation:stack')
    .map(({ properties }) => properties);
}

it.each(Object.keys(VARIANTS) as Variant[])('%s is called as whoever looks at it expects', (variant) => {
  const { SWE_ENV: environment = 'main' }: { readonly SWE_ENV?: string } = VARIANTS[variant];
  const names = deployedNames(environment);
  const named = (type: string, property: string) =>
    STACKS.flatMap((stack) => propertiesOf(templateOf(stack, variant), type)).map((each) => each[property]);
  expect(named('AWS::Lambda::Function', 'FunctionName')).toEqual(
    expect.arrayContaining([names.ingress, names.workerManager]),
  );
  expect(named('AWS::Events::Rule', 'Name')).toContain(names.sweep);
  expect(named('AWS::SQS::Queue', 'QueueName')).toContain(names.deadLetters);
  const stacks = deployedStacks(variant);
  expect(stacks.map(({ stackName }) => stackName)).toEqual(
    expect.arrayContaining(Object.values(names.stacks)),
  );
  expect(new Set(stacks.map((each) => each.requiresBootstrapStackVersion))).toEqual(
    new Set([OLDEST_BOOTSTRAP]),
  );
  expect(Object.keys(templateOf('Ingress', variant).Outputs ?? {})).toEqual(
    expect.arrayContaining(['SlackBoltEndpointUrl', 'GithubWebhookUrl']),
  );
});
