import { cookieOf } from '../authenticate';

/** A cookie that no script can read, and that no other site can have sent. */
export class BrowserCookie {
  readonly #name: string;
  readonly #sameSite: 'Strict' | 'Lax';

  /** `Lax`: also sent when another site leads here, which is how a browser comes back from signing in elsewhere. */
  constructor(name: string, sameSite: 'Strict' | 'Lax' = 'Strict') {
    this.#name = name;
    this.#sameSite = sameSite;
  }

  in(headers: Headers): string | undefined {
    return cookieOf(headers, this.#name);
  }

  /** The header that sets it: sent back over TLS alone where this request came that way. */
  set({ url }: Request, value: string, maxAgeSeconds: number): readonly [name: string, value: string] {
    const secure = url.startsWith('https:') ? '; Secure' : '';
    const limits = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=${this.#sameSite}${secure}`;
    return ['set-cookie', `${this.#name}=${value}; ${limits}`];
  }

  clear(request: Request): readonly [name: string, value: string] {
    return this.set(request, '', 0);
  }
}
