import { CREDENTIAL_MIN_LIFE_MS, Fault } from '@swe/domain';
import type { Clock, CredentialPurpose, RepoCredential, RepoCredentials } from '@swe/domain';

/** As long as GitHub's installation tokens live: https://docs.github.com/en/rest/apps/apps */
const LIFE_MS = 60 * 60_000;

/** Each lets do what those before it let. */
const RANK: Readonly<Record<CredentialPurpose, number>> = { read: 0, push: 1, 'push-workflows': 2 };

interface Issued {
  readonly credential: RepoCredential;
  readonly repository: string;
  readonly purpose: CredentialPurpose;
  readonly expiresAtMs: number;
}

/** Credentials that this host issues itself, as GitHub does: for one repository and purpose, for an hour. */
export class MemoryRepoCredentials implements RepoCredentials {
  readonly #clock: Clock;
  readonly #repositories = new Map<string, 'private' | 'public' | 'forbidden'>();
  readonly #issued: Issued[] = [];
  #givenUpTo = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(repository: string, kind: 'private' | 'public' | 'forbidden' = 'private'): void {
    this.#repositories.set(repository, kind);
  }

  /** Every credential so far, oldest first. */
  get issued(): readonly RepoCredential[] {
    return this.#issued.map(({ credential }) => credential);
  }

  /** Ends all that were issued, sooner than they said. */
  revoke(): void {
    this.#givenUpTo = this.#issued.length;
  }

  lets(password: string, repository: string, purpose: CredentialPurpose): boolean {
    return this.#issued.some(
      (issued, at) =>
        at >= this.#givenUpTo &&
        issued.credential.password === password &&
        issued.repository === repository &&
        RANK[issued.purpose] >= RANK[purpose] &&
        issued.expiresAtMs > this.#clock.nowMs(),
    );
  }

  async credential(repository: string, purpose: CredentialPurpose): Promise<RepoCredential | undefined> {
    const kind = this.#repositories.get(repository);
    if (kind === undefined) throw new Fault('missing', `there is no repository ${repository}`);
    if (kind === 'forbidden') throw new Fault('denied', `${repository} is not to be opened`);
    if (kind === 'public') return undefined;
    const nowMs = this.#clock.nowMs();
    const kept = this.#issued.findLast(
      (issued, at) => at >= this.#givenUpTo && issued.repository === repository && issued.purpose === purpose,
    );
    if (kept !== undefined && kept.expiresAtMs - nowMs > CREDENTIAL_MIN_LIFE_MS) return kept.credential;
    return this.#issue(repository, purpose, nowMs + LIFE_MS);
  }

  #issue(repository: string, purpose: CredentialPurpose, expiresAtMs: number): RepoCredential {
    const credential = {
      username: 'x-access-token',
      password: `ghs_${purpose}/${this.#issued.length + 1}+of?a=memory&host`,
      expiresAtMs,
    };
    this.#issued.push({ credential, repository, purpose, expiresAtMs });
    return credential;
  }
}
