import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import { SECRET_MAX_AGE_MS } from '@swe/domain';
import type { Secrets } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface SecretsSubject {
  readonly secrets: Secrets;
  /** Stores a value, as an operator would; a second time replaces it. */
  store(name: string, value: string): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** From now on answers arrive damaged, so that no value can be read from them. */
  damageAnswers(): void;
}

export const secretsContract = {
  async 'what was stored is read, character by character'({ secrets, store }) {
    const key = '-----BEGIN KEY-----\nMIIé+/=\n-----END KEY-----\n';
    await store('/swe/key', key);
    await store('/swe/token', 'xoxb-1');
    expect(await secrets.read('/swe/key')).toBe(key);
    expect(await secrets.read('/swe/token')).toBe('xoxb-1');
    expect(await secrets.read('/swe/key')).toBe(key);
  },

  async 'an unknown name is `missing`, and named'({ secrets, store }) {
    await store('/swe/token', 'xoxb-1');
    const fault = await expectFault(secrets.read('/swe/other'), 'missing');
    expect(fault.message).toContain('/swe/other');
    await store('/swe/other', 'late');
    expect(await secrets.read('/swe/other')).toBe('late');
  },

  async 'a secret that was replaced is read anew after `SECRET_MAX_AGE_MS` at the latest'(subject) {
    const { secrets, store, pass } = subject;
    await store('/swe/token', 'old');
    expect(await secrets.read('/swe/token')).toBe('old');
    await pass(SECRET_MAX_AGE_MS / 2);
    await secrets.read('/swe/token');
    await store('/swe/token', 'new');
    await pass(SECRET_MAX_AGE_MS / 2);
    // What is read often must not stay for ever because of that.
    await secrets.read('/swe/token');
    await pass(SECRET_MAX_AGE_MS / 2);
    expect(await secrets.read('/swe/token')).toBe('new');
  },

  async 'no error carries a value, wherever reading fails'({ secrets, store, pass, damageAnswers }) {
    await store('/swe/token', 'hunter2');
    expect(await secrets.read('/swe/token')).toBe('hunter2');
    await pass(SECRET_MAX_AGE_MS);
    damageAnswers();
    const error: unknown = await secrets.read('/swe/token').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    // Hidden properties too: a logger may print those.
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
  },
} satisfies Contract<SecretsSubject>;
