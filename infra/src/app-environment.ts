import { checkVariables, parametersOf } from '@swe/config/variables';
import type { Variables } from '@swe/config/variables';
import { Token } from 'aws-cdk-lib';

/** A schema of `@swe/config`. */
export type Schema = Parameters<typeof checkVariables>[0];

export interface AppEnvironment {
  readonly variables: Variables;
  /** The SecureString parameters that the app reads. */
  readonly parameters: readonly string[];
}

/**
 * An app's environment: what its stack sets, and of what is handed on whatever the app knows. It is held against the
 * app's schema, so that a synthesis fails where the app would not start.
 */
export function appEnvironment(
  schema: Schema,
  own: Variables,
  { handedOn, given }: { readonly handedOn: Variables; readonly given: readonly string[] },
): AppEnvironment {
  const known = Object.entries(handedOn).filter(([name]) => name in schema.shape);
  const isKnown = (value: string): boolean => !Token.isUnresolved(value);
  const variables = checkVariables(schema, { ...Object.fromEntries(known), ...own }, { given, isKnown });
  return { variables, parameters: parametersOf(schema, variables) };
}
