/** What a caller should do about a failure: the only thing ports tell failures apart by. */
export type FaultKind =
  /** Try again soon, unchanged. */
  | 'transient'
  /** Try again, not before `retryAfterMs`. */
  | 'throttled'
  /** The credentials or the policy forbid it; asking again changes nothing. */
  | 'denied'
  /** The thing asked for does not exist. */
  | 'missing'
  /** Somebody else changed it first: read again, then decide. */
  | 'conflict'
  /** The request itself is wrong. */
  | 'invalid'
  /** The caller's own signal ended it. */
  | 'cancelled';

export interface FaultOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  readonly scope?: string;
}

/**
 * The one error type that ports promise. Adapters translate a vendor's failures into it once, at the edge, by
 * error name or status; an error no adapter knows passes through untouched.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  /** Set for `throttled` when the vendor said how long to wait. */
  readonly retryAfterMs: number | undefined;
  /** Set for `denied` when a cap forbids it: the name of the ledger's scope. */
  readonly scope: string | undefined;

  constructor(kind: FaultKind, message: string, options: FaultOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.scope = options.scope;
  }
}

/** True for a `Fault`, of one of `kinds` when any are named. */
export function isFault(error: unknown, ...kinds: readonly FaultKind[]): error is Fault {
  return error instanceof Fault && (kinds.length === 0 || kinds.includes(error.kind));
}
