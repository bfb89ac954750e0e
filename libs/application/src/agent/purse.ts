import { capOf, isNearCap, sessionScope } from '@swe/domain';
import type { SpendingCaps } from '@swe/domain';
import { budgetCommand, nearCapWords } from './budget-words';
import { addresseeOf, postOf } from './session-run';
import type { SessionRun } from './session-run';

/** What a session has spent, kept beside the ledger while its one spender works: nobody has to be asked after each call. */
export interface Purse {
  /** Counts a call that was settled, and gives the sum. */
  add(nanoUsd: number): number;
}

export async function openPurse({ ports: { ledger }, session }: SessionRun): Promise<Purse> {
  let { spentNanoUsd } = await ledger.report(sessionScope(session.id));
  return {
    add: (nanoUsd) => (spentNanoUsd += nanoUsd),
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
