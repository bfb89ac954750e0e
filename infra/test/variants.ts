import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the templates of the tests are. */
export const SYNTHESISED = fileURLToPath(new URL('../../.cache/infra', import.meta.url));

/** Deployments, by what whoever deploys has set. */
export const VARIANTS = {
  main: {},
  chosen: {
    SWE_ENV: 'canary',
    SWE_ARCHITECTURE: 'x86_64',
    SWE_SPOT: 'true',
    SWE_VPC_ID: 'vpc-0123456789abcdef0',
    SWE_SUBNET_IDS: 'subnet-0123456789abcdef1,subnet-0123456789abcdef2,subnet-0123456789abcdef3',
    SWE_ALARM_EMAIL: 'ada@example.com',
    SWE_ORGANISATION_ARCHIVE: 'organisation.tar.gz',
    SWE_MODEL: 'bedrock/eu.anthropic.claude-opus-5-5,bedrock/anthropic.claude-haiku-4-5',
    ADMIN_USER_ID_LIST: 'U1,U2',
    GITHUB_APP_ID: '12345',
    GITHUB_WEBHOOK_SECRET_PARAMETER: '/elsewhere/webhook',
    SLACK_BOT_TOKEN: 'xoxb-not-to-be-handed-on',
    EMPTY: '',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Variant = keyof typeof VARIANTS;

export const STACKS = ['Core', 'Ingress', 'Console', 'Agent', 'WorkerManager'] as const;
export type StackName = (typeof STACKS)[number];

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: unknown }>>;
}

/** A stack of a variant, as it was synthesised. */
export function templateOf(stack: StackName, variant: Variant = 'main'): Template {
  return JSON.parse(readFileSync(join(SYNTHESISED, variant, `${stack}.template.json`), 'utf8'));
}

/** The properties of a template's resources of a type. */
export function propertiesOf(template: Template, type: string): Readonly<Record<string, unknown>>[] {
  return Object.values(template.Resources).flatMap((each) => (each.Type === type ? [each.Properties] : []));
}
