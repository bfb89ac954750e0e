import { Fault } from '@swe/domain';
import type { Secrets } from '@swe/domain';

/** Secrets in a map, never cached: what is stored is read at once. */
export class MemorySecrets implements Secrets {
  readonly #values = new Map<string, string>();
  #isBroken = false;

  store(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** Makes every read fail from now on. */
  break(): void {
    this.#isBroken = true;
  }

  async read(name: string): Promise<string> {
    if (this.#isBroken) throw new Fault('transient', `secret ${name} cannot be read now`);
    const value = this.#values.get(name);
    if (value === undefined) throw new Fault('missing', `there is no secret ${name}`);
    return value;
  }
}
