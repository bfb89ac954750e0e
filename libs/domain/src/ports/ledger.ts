/** One cap to respect: `session:<id>`, `requester:<id>`, `repository:<url>`, `month:<yyyy-mm>`. */
export interface LedgerScope {
  readonly name: string;
  readonly capUsd: number;
}

export interface LedgerReport {
  readonly reservedUsd: number;
  readonly spentUsd: number;
  /** The part of `spentUsd` that was settled without a report from the provider. */
  readonly estimatedUsd: number;
}

/**
 * Money reserved and spent.
 *
 * - reserves in every scope or in none; above any cap it is `denied` and names the scope
 * - the same key reserves once
 * - settling replaces the reservation by what was spent, once
 * - reserved plus spent is never above a cap, whatever crashes and however many reserve at once
 */
export interface Ledger {
  /** `key` is the session's id and the model call's number. */
  reserve(key: string, scopes: readonly LedgerScope[], amountUsd: number): Promise<void>;
  settle(key: string, spentUsd: number, estimated: boolean): Promise<void>;
  report(scope: string): Promise<LedgerReport>;
}
