import type { JournalEntry } from '../session/journal-entry';
import type { Session } from '../session/session';
import type { PriceOf } from './price';
import { monthOf } from './session-budget';
import { addUsage, noUsage } from './usage';
import type { Usage } from './usage';
import { billNanoUsd } from './worst-case-policy';

/** What costs can be told apart by. */
export const COST_KEYS = ['session', 'model', 'requester', 'month'] as const;
export type CostKey = (typeof COST_KEYS)[number];

/** What the model calls of one session, model or the like cost together. */
export interface CostRow {
  readonly name: string;
  readonly calls: number;
  readonly usage: Usage;
  readonly nanoUsd: number;
  /** Calls that count for nothing here: their provider reported no usage, or nobody knows their price. */
  readonly unknownCalls: number;
}

/** Costs that journals add up to. */
export interface CostReport {
  add(session: Pick<Session, 'id' | 'requester'>, entry: JournalEntry): void;
  /** The dearest first. */
  rows(): readonly CostRow[];
}

/** By one key; of one month alone (`2026-11`, UTC) where that is given. */
export function createCostReport(by: CostKey, priceOf: PriceOf, month?: string): CostReport {
  const rows = new Map<string, CostRow>();
  return {
    add({ id, requester }, entry) {
      if (entry.kind !== 'model-call-finished') return;
      const at = monthOf(entry.atMs);
      if (month !== undefined && at !== month) return;
      const { model, usage } = entry;
      const name = { session: id, model, requester, month: at }[by];
      const price = priceOf(model);
      const row = rows.get(name) ?? { name, calls: 0, usage: noUsage, nanoUsd: 0, unknownCalls: 0 };
      const isKnown = usage !== undefined && price !== undefined;
      rows.set(name, {
        name,
        calls: row.calls + 1,
        usage: addUsage(row.usage, usage ?? noUsage),
        nanoUsd: row.nanoUsd + (isKnown ? billNanoUsd(price, usage) : 0),
        unknownCalls: row.unknownCalls + (isKnown ? 0 : 1),
      });
    },
    rows: () => [...rows.values()].toSorted((a, b) => b.nanoUsd - a.nanoUsd),
  };
}
