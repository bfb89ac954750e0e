import { scopesOfGroups } from '@swe/domain';
import { makeBrowserKey } from './browser-key';
import type { BrowserKeyPorts, SignedIn } from './browser-key';

/** Somebody who signed in. */
export interface Person {
  /** A requester. */
  readonly id: string;
  readonly email?: string;
  readonly groups: readonly string[];
}

/** Where people have accounts, and pages at which they sign in. */
export interface Accounts {
  /** Where a browser signs in, and what it keeps meanwhile, which nobody else may see. It comes back to `callback`. */
  begin(callback: string): Promise<BegunSignIn>;
  /** Who came back, at which address, with what it kept. Throws `denied` where that is nobody who just signed in. */
  finish(cameBackTo: URL, attempt: string): Promise<Person>;
  /** Where a browser goes to be forgotten by those pages, which send it on to `home`. */
  leave(home: string): string;
}

export interface BegunSignIn {
  readonly url: string;
  readonly attempt: string;
}

/** Where browsers come back to: whoever keeps the accounts knows it. */
export const CALLBACK_PATH = '/sign-in/callback';

/** Nobody is asked who they are in the middle of a day's work; whoever left a group may act until then at most. */
const HOURS = 12;

/** Lets in browsers of people with an account, each with a key that may do what the person's groups may. */
export class AccountSignIn {
  readonly #ports: BrowserKeyPorts;
  readonly #accounts: Accounts;

  constructor(ports: BrowserKeyPorts, accounts: Accounts) {
    this.#ports = ports;
    this.#accounts = accounts;
  }

  /** `origin` is this server's own. */
  begin(origin: string): Promise<BegunSignIn> {
    return this.#accounts.begin(`${origin}${CALLBACK_PATH}`);
  }

  /** Undefined for somebody whose groups let them do nothing. Throws as the accounts do. */
  async finish(cameBackTo: URL, attempt: string): Promise<SignedIn | undefined> {
    const { id, email, groups } = await this.#accounts.finish(cameBackTo, attempt);
    const scopes = scopesOfGroups(groups);
    if (scopes.length === 0) return undefined;
    return makeBrowserKey(this.#ports, {
      name: email === undefined ? 'Browser' : `Browser of ${email}`,
      scopes,
      requester: id,
      maxAgeSeconds: HOURS * 60 * 60,
    });
  }

  leave(origin: string): string {
    return this.#accounts.leave(`${origin}/`);
  }
}
