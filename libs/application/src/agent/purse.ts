import { isFault, isNearCap, sessionScope } from '@swe/domain';
import type { Bill, LedgerScope, ReservationKey } from '@swe/domain';
import type { SessionRun } from './session-run';

/** A cap under which others spend as well, and what was spent there as far as is known here. */
export interface SharedCap {
  /** The ledger's. */
  readonly scope: string;
  readonly capNanoUsd: number;
  readonly spentNanoUsd: number;
}

/** What a session has spent, kept beside the ledger while it works: nobody has to be asked after each call. */
export interface Purse {
  /** Looks up what is spent under the caps among these that others spend under, each once. No call fails over that. */
  watch(scopes: readonly LedgerScope[]): Promise<void>;
  /** Counts what a call cost, and gives the session's sum. The ledger is told beside what follows. */
  pay(call: { readonly key: ReservationKey; readonly scopes: readonly LedgerScope[] }, bill: Bill): number;
  /** Resolves once the ledger has counted it all; rejects with what it failed with. */
  settled(): Promise<void>;
  /** Looks up what others have spent since under the watched caps. */
  recount(): Promise<void>;
  /** The watched caps that have come near since they are watched, each once. */
  takeNear(): readonly SharedCap[];
}

export async function openPurse({ ports: { ledger }, session }: SessionRun): Promise<Purse> {
  const own = sessionScope(session.id);
  let { spentNanoUsd } = await ledger.report(own);
  let settling = Promise.resolve();
  const shared = new Map<string, SharedCap>();
  /** Those that were near already, of which whoever was at work then was told. */
  const told = new Set<string>();

  async function lookUp({ name: scope, capNanoUsd }: LedgerScope): Promise<SharedCap | undefined> {
    if (capNanoUsd === undefined) return undefined;
    const report = await ledger.report(scope).catch((error) => {
      if (!isFault(error)) throw error;
      return undefined;
    });
    if (report === undefined) return undefined;
    const cap = { scope, capNanoUsd, spentNanoUsd: report.spentNanoUsd };
    shared.set(scope, cap);
    return cap;
  }

  return {
    async watch(scopes) {
      const fresh = scopes.filter(
        ({ name, capNanoUsd }) => name !== own && shared.get(name)?.capNanoUsd !== capNanoUsd,
      );
      for (const cap of await Promise.all(fresh.map(lookUp))) {
        if (cap === undefined) continue;
        told.delete(cap.scope);
        if (isNear(cap)) told.add(cap.scope);
      }
    },
    pay({ key, scopes }, { nanoUsd, isEstimated }) {
      for (const { name } of scopes) {
        const cap = shared.get(name);
        if (cap !== undefined) shared.set(name, { ...cap, spentNanoUsd: cap.spentNanoUsd + nanoUsd });
      }
      // Whoever opens the session next settles what fails here, by the journal.
      settling = Promise.all([settling, ledger.settle(key, nanoUsd, isEstimated)]).then(() => undefined);
      settling.catch(() => undefined);
      return (spentNanoUsd += nanoUsd);
    },
    settled: () => settling,
    async recount() {
      const caps = [...shared.values()];
      await Promise.all(caps.map(({ scope, capNanoUsd }) => lookUp({ name: scope, capNanoUsd })));
    },
    takeNear() {
      const near = [...shared.values()].filter((cap) => isNear(cap) && !told.has(cap.scope));
      for (const { scope } of near) told.add(scope);
      return near;
    },
  };
}

const isNear = ({ spentNanoUsd, capNanoUsd }: SharedCap): boolean => isNearCap(spentNanoUsd, capNanoUsd);
