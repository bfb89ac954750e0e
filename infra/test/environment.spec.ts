import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { agentConfig } from '@swe/config/agent';
import { ingressConfig } from '@swe/config/ingress';
import { workerManagerConfig } from '@swe/config/worker-manager';
import { bootCommands } from '../src/agent/boot-commands';
import { readSettings } from '../src/settings';
import { propertiesOf, templateOf, VARIANTS } from './variants';
import type { Variant } from './variants';

const boot = readFileSync(fileURLToPath(new URL('../worker/boot', import.meta.url)), 'utf8');

function variablesOf(stack: 'Ingress' | 'WorkerManager' | 'Agent', variant: Variant) {
  const template = templateOf(stack, variant);
  if (stack !== 'Agent') {
    const [app] = propertiesOf(template, 'AWS::Lambda::Function');
    return (app?.['Environment'] as { Variables: Readonly<Record<string, unknown>> }).Variables;
  }
  const [launchTemplate] = propertiesOf(template, 'AWS::EC2::LaunchTemplate');
  const { UserData } = launchTemplate?.['LaunchTemplateData'] as {
    UserData: { 'Fn::Base64': { 'Fn::Join': [string, readonly unknown[]] } };
  };
  const [, parts] = UserData['Fn::Base64']['Fn::Join'];
  const script = parts.map((part) => (typeof part === 'string' ? part : '<later>')).join('');
  const file = /environment <<'(.*)'\n([^]*?)\n\1\n/.exec(script)?.[2] ?? '';
  return Object.fromEntries(
    file.split('\n').map((line) => {
      const [, name = line, value = ''] = /^(\w+)='([^']*)'$/.exec(line) ?? [];
      return [name, value];
    }),
  );
}

describe.each([
  { stack: 'Ingress', schema: ingressConfig, given: ['AWS_REGION'], others: [] },
  { stack: 'WorkerManager', schema: workerManagerConfig, given: ['AWS_REGION'], others: [] },
  {
    stack: 'Agent',
    schema: agentConfig,
    // By systemd, and by `start-agent`.
    given: ['PATH', 'SWE_SESSION_ID', 'SWE_GENERATION'],
    others: [...new Set(boot.match(/SWE_\w+_ARCHIVE/g))],
  },
] as const)('the environment that $stack sets', ({ stack, schema, given, others }) => {
  const shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>> = schema.shape;

  it.each(Object.keys(VARIANTS) as Variant[])(
    'has what the app needs, and nothing that it does not read: %s',
    (variant) => {
      const variables = variablesOf(stack, variant);
      const needed = Object.keys(shape).filter((name) => !shape[name]!.safeParse(undefined).success);
      expect(needed.length).toBeGreaterThan(3);
      expect([...Object.keys(variables), ...given]).toEqual(expect.arrayContaining(needed));
      const known = [...Object.keys(shape), ...others];
      expect(Object.keys(variables).filter((name) => !known.includes(name))).toEqual([]);
    },
  );

  it('has no secret', () => {
    const text = JSON.stringify(templateOf(stack, 'chosen'));
    expect(text).not.toContain(VARIANTS.chosen.SLACK_BOT_TOKEN);
  });
});

it('what is chosen arrives, at those who read it', () => {
  expect(variablesOf('Ingress', 'chosen')).toMatchObject({
    SWE_ENV: 'canary',
    ADMIN_USER_ID_LIST: 'U1,U2',
    GITHUB_APP_ID: '12345',
    GITHUB_WEBHOOK_SECRET_PARAMETER: '/elsewhere/webhook',
  });
  expect(variablesOf('Agent', 'chosen')).toMatchObject({
    SWE_MODEL: VARIANTS.chosen.SWE_MODEL,
    SWE_ORGANISATION_ARCHIVE: 'organisation.tar.gz',
  });
  expect(variablesOf('Agent', 'chosen')).not.toHaveProperty('ADMIN_USER_ID_LIST');
  expect(variablesOf('WorkerManager', 'chosen')).toMatchObject({ SWE_SPOT: 'true' });
  // Its parameter is read as well.
  expect(JSON.stringify(templateOf('Ingress', 'chosen'))).toContain('parameter/elsewhere/webhook');
});

describe('the settings', () => {
  it.each([
    [{ SWE_ENV: 'Main' }, 'SWE_ENV'],
    [{ SWE_ARCHITECTURE: 'riscv' }, 'SWE_ARCHITECTURE'],
    [{ SWE_VPC_ID: 'vpc-1' }, 'SWE_SUBNET_IDS'],
    [{ SWE_SUBNET_IDS: 'subnet-1' }, 'SWE_SUBNET_IDS'],
    [{ SWE_ALARM_EMAIL: 'nobody' }, 'SWE_ALARM_EMAIL'],
  ])('of %j name what is wrong with them', (environment, name) => {
    expect(() => readSettings(environment)).toThrow(name);
  });
});

describe('what a machine runs at its first start', () => {
  it('fits into user data with the real boot script', () => {
    const variables = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`SWE_${i}`, 'x'.repeat(100)]));
    expect(bootCommands(variables, boot)).toContain('exec /usr/local/sbin/swe-boot');
  });

  it.each(["it's", 'a\\b', 'two\nlines'])('is not made of %j, which would be read in two ways', (value) => {
    expect(() => bootCommands({ SWE_MODEL: value }, boot)).toThrow('SWE_MODEL');
  });
});
