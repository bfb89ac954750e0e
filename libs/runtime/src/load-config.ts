import type { z } from 'zod';
import { Fault } from '@swe/domain';

/**
 * Reads an app's configuration from its environment. Throws `Fault('invalid')` that names every bad or missing
 * variable and prints no value: it may be a secret.
 */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  // An empty variable means the same as none: `SWE_MODEL= swe run` unsets it.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Fault('invalid', `The configuration is not valid. ${problems.join('; ')}`);
}
