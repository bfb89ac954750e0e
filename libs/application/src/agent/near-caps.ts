import { capOf, isNearCap } from '@swe/domain';
import type { SpendingCaps } from '@swe/domain';
import { budgetCommand, nearCapWords, nearSharedCapWords } from './budget-words';
import type { Purse } from './purse';
import { addresseeOf, postOf } from './session-run';
import type { SessionRun } from './session-run';

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

/**
 * Tells of caps that others spend under as well, in each session at work when they come near: who is told later learns
 * nothing that they could still change. What was near when a session's turn began is not told again by it, so that
 * whoever takes over from a dead process needs no mark of what it told. There is nothing to click: a thread can't raise them.
 */
export function stageNearSharedCaps(run: SessionRun, purse: Pick<Purse, 'takeNear'>): void {
  const outbox = purse.takeNear().map((cap) => {
    const key = `${run.session.id}/near-cap-${cap.scope}-${cap.capNanoUsd}`;
    return postOf(run, key, nearSharedCapWords(cap), { mention: addresseeOf(run) });
  });
  if (outbox.length > 0) run.stage({ outbox });
}
