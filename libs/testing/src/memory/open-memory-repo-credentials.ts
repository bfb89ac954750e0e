import type { RepoCredentialsSubject } from '../contracts';
import { ManualClock } from './manual-clock';
import { MemoryRepoCredentials } from './memory-repo-credentials';

const AT = 'https://github.com/acme';
const repositories = {
  own: `${AT}/shop`,
  other: `${AT}/till`,
  without: `${AT}/open`,
  unknown: `${AT}/nothing`,
  forbidden: `${AT}/vault`,
};

/** Memory credentials with what their contract wants beside them. */
export function openMemoryRepoCredentials(
  clock = new ManualClock(),
  credentials = new MemoryRepoCredentials(clock),
): RepoCredentialsSubject {
  credentials.add(repositories.own);
  credentials.add(repositories.other);
  credentials.add(repositories.without, 'public');
  credentials.add(repositories.forbidden, 'forbidden');
  return {
    credentials,
    repositories,
    lets: async ({ password }, repository, purpose) => credentials.lets(password, repository, purpose),
    pass: (ms) => clock.advance(ms),
  };
}
