import { timingSafeEqual } from 'node:crypto';
import { newKey, secretHashOf, tokenOf } from '@swe/domain';
import type { ApiKeys, Clock, Random } from '@swe/domain';

export interface SignInOptions {
  readonly keys: Pick<ApiKeys, 'create'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'id'>;
  /** For whom a browser speaks that is let in: the person who started this. */
  readonly requester: string;
  /** Told of the next token, once one is used. */
  readonly onUsed: (next: string) => void;
}

export interface SignedIn {
  /** A key, as its holder presents it. */
  readonly token: string;
  readonly maxAgeSeconds: number;
}

const DAYS = 30;
const DAY_SECONDS = 24 * 60 * 60;

/** Lets in a browser for a token that is good once. A key is made for it, so that it stays in when this ends. */
export class SignIn {
  readonly #options: SignInOptions;
  #token: string;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#token = this.#newToken();
  }

  /** Good for one browser, until this process ends. */
  get token(): string {
    return this.#token;
  }

  async redeem(given: string): Promise<SignedIn | undefined> {
    if (!isSame(given, this.#token)) return undefined;
    this.#token = this.#newToken();
    try {
      return await this.#makeKey();
    } finally {
      this.#options.onUsed(this.#token);
    }
  }

  async #makeKey(): Promise<SignedIn> {
    const { keys, clock, random, requester } = this.#options;
    const { id, secret } = newKey([random.id(), random.id(), random.id()]);
    const createdAtMs = clock.nowMs();
    const maxAgeSeconds = DAYS * DAY_SECONDS;
    await keys.create({
      id,
      name: 'Browser',
      secretHash: secretHashOf(secret),
      scopes: ['admin'],
      createdBy: requester,
      actsAs: requester,
      createdAtMs,
      expiresAtMs: createdAtMs + maxAgeSeconds * 1_000,
    });
    return { token: tokenOf({ id, secret }), maxAgeSeconds };
  }

  #newToken(): string {
    const { random } = this.#options;
    return `${random.id()}${random.id()}`.replaceAll('-', '');
  }
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => Buffer.from(secretHashOf(text)));
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
