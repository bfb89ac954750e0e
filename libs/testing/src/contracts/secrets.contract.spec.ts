import { Fault, isFault } from '@swe/domain';
import type { Secrets } from '@swe/domain';
import { MemorySecrets } from '../memory/memory-secrets';
import { openMemorySecrets } from '../memory/open-memory-secrets';
import { override } from '../memory/override';
import { proveBites } from './run-contract';
import { secretsContract } from './secrets.contract';
import type { SecretsSubject } from './secrets.contract';

function broken(changesOf: (secrets: MemorySecrets) => Partial<Secrets>) {
  return (): { subject: SecretsSubject } => {
    const secrets = new MemorySecrets();
    return {
      subject: {
        ...openMemorySecrets(secrets),
        secrets: override<Secrets>(secrets, changesOf(secrets)),
      },
    };
  };
}

proveBites('Secrets', secretsContract, {
  'what was stored is read, character by character': broken((secrets) => ({
    read: async (name) => (await secrets.read(name)).trim(),
  })),
  'an unknown name is `missing`, and named': broken((secrets) => ({
    read: (name) =>
      secrets.read(name).catch((error: unknown) => {
        throw isFault(error, 'missing') ? new Fault('missing', 'no such secret') : error;
      }),
  })),
  'a secret that was replaced is read anew after `SECRET_MAX_AGE_MS` at the latest': broken((secrets) => {
    const read = new Map<string, string>();
    return {
      read: async (name) => {
        const value = read.get(name) ?? (await secrets.read(name));
        read.set(name, value);
        return value;
      },
    };
  }),
  'no error carries a value, wherever reading fails': broken((secrets) => {
    let last = '';
    return {
      read: async (name) => {
        try {
          return (last = await secrets.read(name));
        } catch {
          // As a parser does that quotes what it stumbled over.
          throw new Fault('transient', 'unreadable', { cause: new SyntaxError(`unexpected end: ${last}`) });
        }
      },
    };
  }),
});
