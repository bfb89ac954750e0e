import type { SecretsSubject } from '../contracts';
import { MemorySecrets } from './memory-secrets';

/** Memory secrets with what their contract wants beside them. */
export function openMemorySecrets(secrets = new MemorySecrets()): SecretsSubject {
  return {
    secrets,
    store: async (name, value) => secrets.store(name, value),
    pass: async () => undefined,
    damageAnswers: () => secrets.break(),
  };
}
