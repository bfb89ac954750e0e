import type { z } from 'zod';

export type Variables = Readonly<Record<string, string>>;

export interface VariablesOptions {
  /** Those that come from elsewhere: the runtime, the machine itself. */
  readonly given: readonly string[];
  /** Whether a value is known by now, so that it can be checked. */
  readonly isKnown: (value: string) => boolean;
}

/**
 * The environment of a program, held against the schema by which it is read: gives it back, or throws naming every
 * variable that is unknown to the schema, missing or wrong. No value is told.
 */
export function checkVariables<T extends Variables>(
  schema: z.ZodObject,
  variables: T,
  { given, isKnown }: VariablesOptions,
): T {
  const { shape } = schema;
  const isThere = (name: string): boolean => name in variables || given.includes(name);
  const problems = [
    ...Object.keys(variables).flatMap((name) => (name in shape ? [] : [`${name} is not read`])),
    ...Object.keys(shape).flatMap((name) =>
      isThere(name) || shape[name]?.safeParse(undefined).success ? [] : [`${name} is missing`],
    ),
    ...Object.entries(variables).flatMap(([name, value]) => {
      const issue = isKnown(value) ? shape[name]?.safeParse(value).error?.issues[0] : undefined;
      return issue === undefined ? [] : [`${name}: ${issue.message}`];
    }),
  ];
  if (problems.length > 0) throw new Error(problems.join('; '));
  return variables;
}

/** The names of the SecureString parameters that a program reads, as its variables or the schema's defaults say. */
export function parametersOf(schema: z.ZodObject, variables: Variables): readonly string[] {
  return Object.entries(schema.shape)
    .filter(([name]) => name.endsWith('_PARAMETER'))
    .map(([name, variable]) => String(variable.parse(variables[name])));
}
