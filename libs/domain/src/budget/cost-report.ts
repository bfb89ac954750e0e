import type { JournalEntry, JournalEntryOf } from '../session/journal-entry';
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
  /** Of a session, the one that it worked for. */
  readonly parent?: string;
  readonly calls: number;
  readonly usage: Usage;
  readonly nanoUsd: number;
  /** Calls that count for nothing here: their provider reported no usage, or nobody knows their price. */
  readonly unknownCalls: number;
}

/** Costs that journals add up to. */
export interface CostReport {
  add(session: Pick<Session, 'id' | 'requester' | 'parent'>, entry: JournalEntry): void;
  /** The dearest first; a session is followed by those that worked for it, and counts with them there. */
  rows(): readonly CostRow[];
}

/** By one key; of one month alone (`2026-11`, UTC) where that is given. */
export function createCostReport(by: CostKey, priceOf: PriceOf, month?: string): CostReport {
  const ended = new Map<string, CostRow>();
  /** By session: the call that began last, and has not ended. One whose process died never does. */
  const begun = new Map<string, CostRow & Pick<Call, 'atMs'>>();

  function count(into: Map<string, CostRow>, { atMs, ...row }: CostRow & Pick<Call, 'atMs'>): void {
    if (month !== undefined && monthOf(atMs) !== month) return;
    const before = into.get(row.name);
    into.set(row.name, before === undefined ? row : together(before, row));
  }

  return {
    add({ id, requester, parent }, entry) {
      if (entry.kind !== 'model-call-started' && entry.kind !== 'model-call-finished') return;
      const before = begun.get(id);
      begun.delete(id);
      const hasEnded = entry.kind === 'model-call-finished';
      if (!hasEnded && before !== undefined) count(ended, before);
      // A call counts where it was paid for: in the month in which it began.
      const atMs = hasEnded ? (before?.atMs ?? entry.atMs) : entry.atMs;
      const { model } = entry;
      const name = { session: id, model, requester, month: monthOf(atMs) }[by];
      const child = by === 'session' && parent !== undefined && { parent };
      const row = { name, ...child, calls: 1, usage: noUsage, nanoUsd: 0, unknownCalls: 1, atMs };
      if (!hasEnded) return void begun.set(id, row);
      const { usage = noUsage } = entry;
      const price = priceOf(model);
      const isKnown = entry.usage !== undefined && price !== undefined;
      const known = isKnown && { nanoUsd: billNanoUsd(price, usage), unknownCalls: 0 };
      count(ended, { ...row, usage, ...known });
    },
    rows() {
      const all = new Map(ended);
      for (const row of begun.values()) count(all, row);
      return byFamily([...all.values()]);
    },
  };
}

type Call = JournalEntryOf<'model-call-started'>;

/** Parents before their children, families by what they cost together. */
function byFamily(rows: readonly CostRow[]): readonly CostRow[] {
  const dearestFirst = rows.toSorted((a, b) => b.nanoUsd - a.nanoUsd);
  const families = [...Map.groupBy(dearestFirst, ({ name, parent = name }) => parent).values()];
  const cost = (family: readonly CostRow[]): number => family.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  return families
    .toSorted((a, b) => cost(b) - cost(a))
    .flatMap((family) => family.toSorted((a, b) => Number('parent' in a) - Number('parent' in b)));
}

function together(a: CostRow, b: CostRow): CostRow {
  return {
    ...a,
    calls: a.calls + b.calls,
    usage: addUsage(a.usage, b.usage),
    nanoUsd: a.nanoUsd + b.nanoUsd,
    unknownCalls: a.unknownCalls + b.unknownCalls,
  };
}
