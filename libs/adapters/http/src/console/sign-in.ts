import { timingSafeEqual } from 'node:crypto';
import { secretHashOf } from '@swe/domain';
import { makeBrowserKey } from './browser-key';
import type { BrowserKeyPorts, SignedIn } from './browser-key';

export interface SignInOptions extends BrowserKeyPorts {
  /** For whom a browser speaks that is let in: the person who started this. */
  readonly requester: string;
  /** Told of the next token, once one is used. */
  readonly onUsed: (next: string) => void;
}

const DAYS = 30;

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
    const { requester } = this.#options;
    try {
      return await makeBrowserKey(this.#options, {
        name: 'Browser',
        scopes: ['admin'],
        requester,
        maxAgeSeconds: DAYS * 24 * 60 * 60,
      });
    } finally {
      this.#options.onUsed(this.#token);
    }
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
