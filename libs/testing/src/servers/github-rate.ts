import { GithubRefusal } from './github-refusal';

const WINDOW_MS = 3_600_000;

interface Window {
  used: number;
  readonly resetAtMs: number;
}

/** The refusal of a caller that has used up its hour. */
export class RateExceeded extends GithubRefusal {}

/** How many requests each caller may make in an hour: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export class GithubRate {
  limit = 5_000;
  /** What it is refused with: GitHub's documentation says either. */
  refusesWith: 403 | 429 = 403;
  readonly #nowMs: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Leaves `remaining` requests to all callers there have been. */
  leave(remaining: number): void {
    for (const window of this.#windows.values()) window.used = this.limit - remaining;
  }

  /** Counts one request, or refuses it. */
  take(caller: string, resource: string, saidCaller: string): void {
    const window = this.#windowOf(caller, resource);
    if (window.used >= this.limit) {
      throw new RateExceeded(
        this.refusesWith,
        `API rate limit exceeded for ${saidCaller}. If you reach out to GitHub Support for help, please include the request ID and timestamp.`,
      );
    }
    window.used += 1;
  }

  /** What was not modified costs nothing. */
  giveBack(caller: string, resource: string): void {
    this.#windowOf(caller, resource).used -= 1;
  }

  state(caller: string, resource: string): { limit: number; used: number; remaining: number; reset: number } {
    const { used, resetAtMs } = this.#windowOf(caller, resource);
    return { limit: this.limit, used, remaining: this.limit - used, reset: Math.floor(resetAtMs / 1_000) };
  }

  headers(caller: string, resource: string): Readonly<Record<string, string>> {
    const { limit, used, remaining, reset } = this.state(caller, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': resource,
    };
  }

  #windowOf(caller: string, resource: string): Window {
    const key = `${resource} ${caller}`;
    const known = this.#windows.get(key);
    if (known !== undefined && known.resetAtMs > this.#nowMs()) return known;
    const opened = { used: 0, resetAtMs: this.#nowMs() + WINDOW_MS };
    this.#windows.set(key, opened);
    return opened;
  }
}
