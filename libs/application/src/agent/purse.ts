import { capOf, isNearCap, sessionScope } from '@swe/domain';
import type { Bill, ReservationKey, SpendingCaps } from '@swe/domain';
import { budgetCommand, nearCapWords } from './budget-words';
import { addresseeOf, postOf } from './session-run';
import type { SessionRun } from './session-run';

/** What a session has spent, kept beside the ledger while its one spender works: nobody has to be asked after each call. */
export interface Purse {
  /** Counts what a call cost, and gives the sum. The ledger is told beside what follows. */
  pay(key: ReservationKey, bill: Bill): number;
  /** Resolves once the ledger has counted it all; rejects with what it failed with. */
  settled(): Promise<void>;
}

export async function openPurse({ ports: { ledger }, session }: SessionRun): Promise<Purse> {
  let { spentNanoUsd } = await ledger.report(sessionScope(session.id));
  let settling = Promise.resolve();
  return {
    pay(key, { nanoUsd, isEstimated }) {
      // Whoever opens the session next settles what fails here, by the journal.
      settling = Promise.all([settling, ledger.settle(key, nanoUsd, isEstimated)]).then(() => undefined);
      settling.catch(() => undefined);
      return (spentNanoUsd += nanoUsd);
    },
    settled: () => settling,
  };
}

/** Asks for more before it is used up, once for each cap: who sees it in time has no work stand still. */
export function stageNearCap(run: SessionRun, caps: SpendingCaps, spentNanoUsd: number): void {
  const { session } = run;
  const capNanoUsd = capOf(session, caps.capNanoUsd);
  if (!isNearCap(spentNanoUsd, capNanoUsd) || session.askedNearCapNanoUsd === capNanoUsd) return;
  const body = nearCapWords(session, { spentNanoUsd, capNanoUsd });
  const beside = { mention: addresseeOf(run), commands: [budgetCommand(capNanoUsd)] };
  run.stage({
    outbox: [postOf(run, `${session.id}/near-cap-${capNanoUsd}`, body, beside)],
    session: { askedNearCapNanoUsd: capNanoUsd },
  });
}
