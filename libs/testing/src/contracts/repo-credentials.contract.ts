import { expect } from '@jest/globals';
import { CREDENTIAL_MIN_LIFE_MS } from '@swe/domain';
import type { CredentialPurpose, RepoCredential, RepoCredentials } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface RepoCredentialsSubject {
  readonly credentials: RepoCredentials;
  /** Canonical URLs of repositories by what is so of them. */
  readonly repositories: {
    readonly own: string;
    readonly other: string;
    /** Nothing is known that could open it. */
    readonly without: string;
    readonly unknown: string;
    readonly forbidden: string;
  };
  /** What the host itself says now. */
  lets(credential: RepoCredential, repository: string, purpose: CredentialPurpose): Promise<boolean>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

/** An hour, as long as GitHub's installation tokens live, in steps that do not fall together with it. */
const STEPS = Array.from({ length: 40 }, () => 97_000);

export const repoCredentialsContract = {
  async 'a credential lets read, and one for pushing lets push'(subject) {
    const { lets, repositories } = subject;
    expect(await lets(await given(subject, 'read'), repositories.own, 'read')).toBe(true);
    expect(await lets(await given(subject, 'push'), repositories.own, 'push')).toBe(true);
  },

  async 'a credential for pushing workflows lets push, also where the host grants no more'(subject) {
    const credential = await given(subject, 'push-workflows');
    expect(await subject.lets(credential, subject.repositories.own, 'push')).toBe(true);
  },

  async 'a credential is good for its own repository only'(subject) {
    const { lets, repositories } = subject;
    for (const purpose of ['read', 'push'] as const) {
      const credential = await given(subject, purpose);
      expect(await lets(credential, repositories.own, purpose)).toBe(true);
      expect(await lets(credential, repositories.other, 'read')).toBe(false);
      expect(await lets(credential, repositories.other, 'push')).toBe(false);
    }
  },

  async 'a credential for reading does not push'(subject) {
    // Asked for after one for pushing: what was kept of that must not be given instead.
    await given(subject, 'push');
    const credential = await given(subject, 'read');
    expect(await subject.lets(credential, subject.repositories.own, 'read')).toBe(true);
    expect(await subject.lets(credential, subject.repositories.own, 'push')).toBe(false);
  },

  async 'a credential is good for another `CREDENTIAL_MIN_LIFE_MS`, whenever it is given'(subject) {
    let credential = await given(subject, 'push');
    for (const ms of STEPS) {
      await subject.pass(CREDENTIAL_MIN_LIFE_MS);
      expect(await subject.lets(credential, subject.repositories.own, 'push')).toBe(true);
      credential = await given(subject, 'push');
      await subject.pass(ms);
      credential = await given(subject, 'push');
    }
  },

  async 'where no credential is needed, or none is there, there is none'({ credentials, repositories }) {
    expect(await credentials.credential(repositories.without, 'read')).toBeUndefined();
    expect(await credentials.credential(repositories.without, 'push')).toBeUndefined();
  },

  async 'an unknown repository is `missing`'({ credentials, repositories }) {
    await expectFault(credentials.credential(repositories.unknown, 'read'), 'missing');
  },

  async 'a repository that the host forbids is `denied`'({ credentials, repositories }) {
    await expectFault(credentials.credential(repositories.forbidden, 'push'), 'denied');
  },
} satisfies Contract<RepoCredentialsSubject>;

async function given(
  { credentials, repositories }: RepoCredentialsSubject,
  purpose: CredentialPurpose,
): Promise<RepoCredential> {
  const credential = await credentials.credential(repositories.own, purpose);
  expect(credential).toBeDefined();
  return credential as RepoCredential;
}
