import { Fault } from '@swe/domain';
import type { Deployment } from '@swe/wiring/deployment';

/** A parameter's value. Throws where there is none, where it lies in clear, and where it can't be decrypted. */
export async function readSecret(
  parameters: Pick<Deployment['parameters'], 'find'>,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  const found = await parameters.find(name, signal);
  if (found === undefined) throw new Fault('missing', `there is no parameter ${name}`);
  if (found.isSecret) return found.value;
  const mend = 'have its vendor make a new one, since it could be read, and have swe setup replace it';
  throw new Fault('invalid', `parameter ${name} lies in clear, it is not a SecureString: ${mend}`);
}
