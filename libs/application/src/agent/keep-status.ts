import type { CostOf, OutboxEntry, Session, TurnEnding } from '@swe/domain';
import type { ModelUse } from './progress';
import { postOf } from './session-run';
import type { WritingPorts } from './agent-ports';
import type { SessionRun } from './session-run';
import { isWorthShowing } from './status-pace-policy';
import type { ShownStatus } from './status-pace-policy';
import { activityWords, statusBody, statusWords } from './status-words';
import type { WorkState, WorkStatus } from './status-words';

/** A session's one status post, which is edited as the work goes on. */
export const statusKey = (sessionId: string): string => `${sessionId}/status`;

const ENDINGS: Readonly<Record<TurnEnding, WorkState>> = {
  answered: 'done',
  asked: 'waiting',
  stopped: 'stopped',
  cancelled: 'stopped',
  refused: 'failed',
  failed: 'failed',
};

/**
 * Gives the status post that goes with a session's next write, where people see reactions and there is something new to
 * tell. It costs no write of its own. It begins with work: a session that is only looked at gets none.
 */
export function keepStatus(
  costOf: CostOf = () => undefined,
): (run: SessionRun<WritingPorts>) => readonly OutboxEntry[] {
  let shown: ShownStatus | undefined;
  return (run) => {
    const { session, admitted, ports, progress } = run;
    const state = stateOf(session);
    if (state === undefined || (shown === undefined && state !== 'working')) return [];
    if (![...admitted.values()].some(({ showsReactions }) => showsReactions === true)) return [];
    const nowMs = ports.clock.nowMs();
    const untilMs = state === 'awaiting-checks' ? session.awaitedChecks?.untilMs : undefined;
    const words = statusWords({
      state,
      ...(untilMs !== undefined && { untilMs }),
      plan: progress.plan,
      running: progress.running,
      elapsedMs: progress.elapsedMs(nowMs),
      totals: session.totals,
      ...costOfAll(progress.modelUses, costOf),
    });
    if (shown !== undefined && !isWorthShowing(shown, words, nowMs)) return [];
    shown = { words, atMs: nowMs };
    const beside = { activity: activityWords(state, words) };
    return [{ ...postOf(run, statusKey(session.id), statusBody(words), beside), class: 'status' }];
  };
}

/** Undefined before the first turn. */
function stateOf({ status, lastTurn, awaitedChecks }: Session): WorkState | undefined {
  switch (status) {
    case 'working':
      return 'working';
    case 'failed':
      return 'failed';
    case 'queued':
    case 'starting':
      return 'paused';
    default:
      return awaitedChecks === undefined ? lastTurn && ENDINGS[lastTurn] : 'awaiting-checks';
  }
}

/** Call by call: what a long one costs depends on its own length. */
function costOfAll(uses: readonly ModelUse[], costOf: CostOf): Pick<WorkStatus, 'cost'> {
  const costs = uses.map(({ model, usage }) => usage && costOf(model, usage));
  const known = costs.filter((usd) => usd !== undefined);
  if (known.length === 0) return {};
  return {
    cost: { usd: known.reduce((sum, usd) => sum + usd, 0), isWhole: known.length === costs.length },
  };
}
