import { Fault, isFault } from '@swe/domain';
import type { RepoCredential, RepoCredentials } from '@swe/domain';
import { ManualClock } from '../memory/manual-clock';
import { MemoryRepoCredentials } from '../memory/memory-repo-credentials';
import { openMemoryRepoCredentials } from '../memory/open-memory-repo-credentials';
import { override } from '../memory/override';
import { repoCredentialsContract } from './repo-credentials.contract';
import type { RepoCredentialsSubject } from './repo-credentials.contract';
import { proveBites } from './run-contract';

function broken(changesOf: (credentials: MemoryRepoCredentials) => Partial<RepoCredentials>) {
  return (): { subject: RepoCredentialsSubject } => {
    const clock = new ManualClock();
    const credentials = new MemoryRepoCredentials(clock);
    return {
      subject: {
        ...openMemoryRepoCredentials(clock, credentials),
        credentials: override<RepoCredentials>(credentials, changesOf(credentials)),
      },
    };
  };
}

/** A host where one credential opens everything: as many organisations' tokens do. */
function opensAll(): { subject: RepoCredentialsSubject } {
  const subject = openMemoryRepoCredentials();
  const { repositories, lets } = subject;
  return {
    subject: { ...subject, lets: (credential, _, purpose) => lets(credential, repositories.own, purpose) },
  };
}

proveBites('RepoCredentials', repoCredentialsContract, {
  'a credential lets read, and one for pushing lets push': broken((credentials) => ({
    credential: (repository) => credentials.credential(repository, 'read'),
  })),
  'a credential for pushing workflows lets push, also where the host grants no more': broken(
    (credentials) => ({
      credential: (repository, purpose) =>
        credentials.credential(repository, purpose === 'push-workflows' ? 'read' : purpose),
    }),
  ),
  'a credential is good for its own repository only': opensAll,
  'a credential for reading does not push': broken((credentials) => ({
    credential: (repository) => credentials.credential(repository, 'push'),
  })),
  'a credential is good for another `CREDENTIAL_MIN_LIFE_MS`, whenever it is given': broken((credentials) => {
    let kept: RepoCredential | undefined;
    return {
      credential: async (repository, purpose) => (kept ??= await credentials.credential(repository, purpose)),
    };
  }),
  'where no credential is needed, or none is there, there is none': broken((credentials) => ({
    credential: async (repository, purpose) =>
      (await credentials.credential(repository, purpose)) ?? { username: '', password: '' },
  })),
  'an unknown repository is `missing`': broken((credentials) => ({
    credential: (repository, purpose) =>
      credentials.credential(repository, purpose).catch((error: unknown) => {
        if (isFault(error, 'missing')) return undefined;
        throw error;
      }),
  })),
  'a repository that the host forbids is `denied`': broken((credentials) => ({
    credential: (repository, purpose) =>
      credentials.credential(repository, purpose).catch((error: unknown) => {
        throw isFault(error, 'denied') ? new Fault('transient', 'try later', { cause: error }) : error;
      }),
  })),
});
