import { Fault, HARNESS_NOTE, nextStatus, text } from '@swe/domain';
import type { InboxItem, Outcome, SessionEvent } from '@swe/domain';
import { deliverOutbox } from './deliver-outbox';
import { keepLease } from './keep-lease';
import type { KeptLease, LeaseTiming } from './keep-lease';
import { runTurn, stageAdmission } from './run-turn';
import type { AgentProfile } from './run-turn';
import { openSessionRun, postOf } from './session-run';
import type { AgentPorts, SessionRun } from './session-run';
import { takeLease } from './take-lease';
import { watchInbox } from './watch-inbox';
import type { InboxWatch } from './watch-inbox';

/** For what is still undelivered when the session is let go. */
const LAST_RETRIES = 3;
const RETRY_PAUSE_MS = 1_000;

export interface SessionTiming extends LeaseTiming {
  readonly pollMs: number;
}

/** The last turn's outcome, absent when there was none; or until when it is parked. */
export interface SessionEnd {
  readonly outcome?: Outcome;
  readonly parkedUntilMs?: number;
}

export const DEFAULT_SESSION_TIMING: SessionTiming = {
  pollMs: 1_000,
  leaseTtlMs: 30_000,
  heartbeatMs: 10_000,
};

/**
 * Serves a session until nothing is left to do: takes its lease, reads its journal, works on its messages turn by
 * turn, delivers what people are to see, and gives the lease back. Also when no model answers: then the session is
 * parked, and whoever calls again after that time finds the turn where it was. Throws `missing` for an unknown session, `conflict` when another holder keeps its lease alive or
 * takes it over, and the store's own failure when it cannot be written; the lease is then left to whoever follows.
 */
export async function runSession(
  ports: AgentPorts,
  sessionId: string,
  holder: string,
  profile: AgentProfile,
  timing: SessionTiming = DEFAULT_SESSION_TIMING,
): Promise<SessionEnd> {
  const { store, observe } = ports;
  const taken = await takeLease(ports, sessionId, holder, timing);
  const lease = keepLease(ports, taken, timing);
  const delivery = deliveryOf(ports, sessionId, holder);
  let watch: InboxWatch | undefined;
  try {
    const session = await store.load(sessionId);
    if (session === undefined) throw new Fault('missing', `there is no session ${sessionId}`);
    const run = await openSessionRun(ports, session, taken.fence, delivery.start);
    observe({ type: 'session.opened', sessionId, title: session.title });
    delivery.start();
    stageInterruptedCalls(run);
    watch = await watchInbox(ports, sessionId, session.cursor, timing.pollMs);
    return await serve(run, watch, profile, lease);
  } finally {
    await watch?.close();
    await delivery.settled();
    await lease.close();
  }
}

async function serve(
  run: SessionRun,
  watch: InboxWatch,
  profile: AgentProfile,
  lease: KeptLease,
): Promise<SessionEnd> {
  let last: SessionEnd = {};
  for (;;) {
    await watch.look();
    const items = watch.take();
    const command = items.find((item) => item.body.kind === 'command');
    const hasText = items.some((item) => item.body.kind === 'text');
    if (run.session.status === 'ended' && hasText) {
      stageRefusal(run, items);
    } else if (run.openMessages.length > 0 || hasText) {
      last = await workOn(run, items, watch, profile, lease.lost);
      if (last.parkedUntilMs !== undefined && (await run.ports.store.releaseLease(lease.current())))
        return last;
    } else if (command !== undefined) {
      await stageAdmission(run, items, profile);
    } else if (await run.ports.store.releaseLease(lease.current())) {
      return last;
    }
    if (run.endRequested && run.session.status !== 'ended') stageStatus(run, 'session.ended');
    await run.commit();
  }
}

/** One turn, ended early by a command that arrives during it or came right behind its messages. */
async function workOn(
  run: SessionRun,
  items: readonly InboxItem[],
  watch: InboxWatch,
  profile: AgentProfile,
  lost: AbortSignal,
): Promise<SessionEnd> {
  const stop = new AbortController();
  const stopOnCommand = (item: InboxItem): void => {
    if (item.body.kind === 'command') stop.abort();
  };
  items.forEach(stopOnCommand);
  const unwatch = watch.onArrival(stopOnCommand);
  let first: readonly InboxItem[] = items;
  const arrivals = (): readonly InboxItem[] => {
    const next = [...first, ...watch.take()];
    first = [];
    return next;
  };
  try {
    stageStatus(run, 'turn.started');
    if (run.session.retryAtMs !== undefined) run.stage({ session: { retryAtMs: undefined } });
    const end = await runTurn(run, profile, arrivals, AbortSignal.any([stop.signal, lost]));
    return 'parkedUntilMs' in end ? end : { outcome: end };
  } finally {
    unwatch();
  }
}

/** For what came behind an `end` before the store knew of it: sent again, it opens the next session. */
function stageRefusal(run: SessionRun, items: readonly InboxItem[]): void {
  const reason = 'This session has ended. Send the message again to start a new one.';
  const lastSeq = items.at(-1)?.seq;
  run.stage({
    admitted: items,
    outcomes: items.map(({ seq }) => ({ seq, outcome: { kind: 'refused', reason } })),
    outbox: [postOf(run, `${run.session.id}/refused-${lastSeq}`, reason)],
  });
}

function stageStatus(run: SessionRun, event: SessionEvent): void {
  const from = run.session.status;
  const to = nextStatus(from, event);
  if (from === to) return;
  run.stage({
    entries: [{ kind: 'state-changed', atMs: run.ports.clock.nowMs(), from, to }],
    session: { status: to },
  });
}

/** Gives calls that a dead process left without a result the one they must have. Nothing is run again in silence. */
function stageInterruptedCalls(run: SessionRun): void {
  const atMs = run.ports.clock.nowMs();
  const note = `${HARNESS_NOTE} Interrupted: the machine this ran on went away, and how far it came is not known.`;
  run.stage({
    entries: run.context.pendingCalls.map(({ callId, name }) => ({
      kind: 'tool-finished',
      atMs,
      callId,
      name,
      content: [text(note)],
      isError: true,
      durationMs: 0,
    })),
  });
}

/** Delivery beside the work: one at a time, never awaited by a step, awaited before the session is let go. */
function deliveryOf(ports: AgentPorts, sessionId: string, holder: string) {
  const { clock, logger } = ports;
  let running = Promise.resolve(true);
  function start(): void {
    running = running
      .then(() => deliverOutbox(ports, sessionId, holder))
      .catch((error: unknown) => {
        logger.error('outbox.failed', { sessionId, reason: String(error) });
        return false;
      });
  }
  return {
    start,
    async settled(): Promise<void> {
      for (let retries = 0; !(await running) && retries < LAST_RETRIES; retries += 1) {
        await clock.sleep(RETRY_PAUSE_MS);
        start();
      }
    },
  };
}
