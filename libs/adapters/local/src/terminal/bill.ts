import type { CostOf, JournalEntry, Usage } from '@swe/domain';
import { dollars } from './figures';

/** What model calls cost together. A call of unknown cost is never counted as free. */
export class Bill {
  readonly #costOf: CostOf;
  #usd: number | undefined;
  #isWhole = true;

  constructor(costOf: CostOf) {
    this.#costOf = costOf;
  }

  /** Adds a call and gives its own cost, undefined when it is unknown. */
  add(modelId: string, usage: Usage | undefined): string | undefined {
    const usd = usage && this.#costOf(modelId, usage);
    if (usd === undefined) {
      this.#isWhole = false;
      return undefined;
    }
    this.#usd = (this.#usd ?? 0) + usd;
    return dollars(usd);
  }

  /** Undefined when no call's cost is known; `at least ...` when some are not. */
  get total(): string | undefined {
    return this.#usd === undefined ? undefined : `${this.#isWhole ? '' : 'at least '}${dollars(this.#usd)}`;
  }
}

/** What a session's model calls cost together, by its journal. */
export function billOf(journal: readonly JournalEntry[], costOf: CostOf): Bill {
  const bill = new Bill(costOf);
  for (const entry of journal) {
    if (entry.kind === 'model-call-finished') bill.add(entry.model, entry.usage);
  }
  return bill;
}
