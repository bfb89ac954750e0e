import { Fault, isFault, isGrantedMore } from '@swe/domain';
import type { InboxItem, Lease, Outcome, Session } from '@swe/domain';
import { failSession, unreadable } from './fail-session';
import { marksOf } from './marks-of';
import { keepCheckpoints } from './keep-checkpoints';
import type { KeptCheckpoints } from './keep-checkpoints';
import { keepDelivering } from './keep-delivering';
import { keepLease } from './keep-lease';
import { keepStatus } from './keep-status';
import { Leaving } from './leaving';
import type { KeptLease, LeaseTiming } from './keep-lease';
import { pushStandingOf } from './push-standing';
import { refusalOf } from './refuse-work';
import { settleLeftCalls } from './reserve-call';
import { runTurn } from './run-turn';
import type { AgentProfile, Arrivals } from './run-turn';
import { openSessionRun, postOf, stageStatus } from './session-run';
import type { AgentPorts } from './agent-ports';
import type { SessionRun } from './session-run';
import { admit, stageAdmission } from './stage-admission';
import { takeLease } from './take-lease';
import type { SessionWorker } from './take-lease';
import { watchInbox } from './watch-inbox';
import type { InboxWatch } from './watch-inbox';

export interface SessionTiming extends LeaseTiming {
  readonly pollMs: number;
  /** How long a session without work is kept before it is let go. */
  readonly idleMs: number;
  /** How old a checkpoint gets while the workspace changes. */
  readonly checkpointMs: number;
}

/**
 * The last turn's outcome, absent when there was none; or until when it is parked or waits; or that the machine had to
 * leave it.
 */
export interface SessionEnd {
  readonly outcome?: Outcome;
  readonly parkedUntilMs?: number;
  readonly hasLeft?: true;
}

export const DEFAULT_SESSION_TIMING: SessionTiming = {
  pollMs: 1_000,
  idleMs: 0,
  checkpointMs: 15_000,
  leaseTtlMs: 30_000,
  heartbeatMs: 10_000,
};

/**
 * Serves a session until nothing is left to do: takes its lease, reads its journal, works on its messages turn by
 * turn, delivers what people are to see, and gives the lease back. Also when no model answers, or a tool waits for long:
 * then the session is parked, and whoever calls again after that time finds the turn where it was. Throws `missing` for an unknown
 * session, `conflict` when another holder keeps its lease alive or takes it over, and the store's own failure when it
 * cannot be written; the lease is then left to whoever follows. A session whose journal can't be read fails, the person
 * is told, and the `invalid` is thrown. `signal` aborts when the machine has to go: the waiting for work ends, and a
 * turn is saved as far as it came and left, with the lease, to whoever follows.
 */
export async function runSession(
  ports: AgentPorts,
  worker: SessionWorker,
  profile: AgentProfile,
  timing: SessionTiming = DEFAULT_SESSION_TIMING,
  signal: AbortSignal = new AbortController().signal,
): Promise<SessionEnd> {
  const { store, observe } = ports;
  const { sessionId, holder } = worker;
  const taken = await takeLease(ports, worker, timing);
  const lease = keepLease(ports, taken, timing);
  const delivery = keepDelivering(ports, sessionId, { name: holder, fence: taken.fence });
  let watch: InboxWatch | undefined;
  let checkpoints: KeptCheckpoints | undefined;
  try {
    const session = await store.load(sessionId);
    if (session === undefined) throw new Fault('missing', `there is no session ${sessionId}`);
    const run = await openSessionRun(
      ports,
      session,
      taken.fence,
      delivery.start,
      keepStatus(profile.costOf),
    ).catch(async (error) => {
      if (isFault(error, 'invalid')) await giveUp(ports, session, lease.current(), timing, error);
      delivery.start();
      throw error;
    });
    profile.heed?.(pushStandingOf(run, profile.demandRight));
    await settleLeftCalls(ports.ledger, run);
    const title = (await profile.plainWords?.(session.title, session.requester)) ?? session.title;
    observe({ type: 'session.opened', sessionId, title, ...traceOf(run) });
    delivery.start();
    run.stage({ session: { ...STARTED, bootedAtMs: ports.clock.nowMs() } });
    stageStatus(run, 'worker.ready');
    checkpoints = await keepCheckpoints(run, timing.checkpointMs, lease.lost, profile.putBackFiles);
    // What the ingress said to a message was stored with it: nobody else delivers that while we hold the lease.
    watch = await watchInbox(ports, sessionId, session.cursor, timing.pollMs, delivery.start);
    return await serve({ run, watch, checkpoints, profile, lease, timing, signal });
  } finally {
    await watch?.close();
    await checkpoints?.close();
    await delivery.settled();
    await lease.close();
  }
}

/** Of the oldest message that is worked on, by whoever had the session before. */
function traceOf({ openMessages, admitted }: SessionRun): { readonly traceparent?: string } {
  const traces = openMessages.map((seq) => admitted.get(seq)?.traceparent);
  const traceparent = traces.find((trace) => trace !== undefined);
  return traceparent === undefined ? {} : { traceparent };
}

/** A session whose journal can't be read fails with the reason, instead of being started over and over. */
async function giveUp(
  ports: AgentPorts,
  session: Session,
  lease: Lease,
  { idleMs }: SessionTiming,
  reason: Fault,
): Promise<void> {
  const { store, clock, logger } = ports;
  try {
    await failSession(ports, session, lease.fence, unreadable(session, lease.fence, reason));
    await store.releaseLease(lease, idleMs <= 0 ? {} : { manageAtMs: clock.nowMs() });
  } catch (error) {
    logger.error('session.unfailed', { sessionId: session.id, reason: String(error) });
  }
}

/** Somebody is at it again. */
const AWAKE = { wakeAtMs: undefined, awaitedChecks: undefined };

/** The machine is up: what the manager wrote about getting there is over. */
const STARTED = {
  ...AWAKE,
  failure: undefined,
  manageAtMs: undefined,
  retryAtMs: undefined,
  leaseSeen: undefined,
};

interface Service {
  readonly run: SessionRun;
  readonly watch: InboxWatch;
  readonly checkpoints: KeptCheckpoints;
  readonly profile: AgentProfile;
  readonly lease: KeptLease;
  readonly timing: SessionTiming;
  readonly signal: AbortSignal;
}

async function serve(service: Service): Promise<SessionEnd> {
  const { run, watch, profile } = service;
  let last: SessionEnd = {};
  for (;;) {
    await watch.look();
    const items = watch.take();
    const hasText = items.some(({ body, outcome }) => body.kind === 'text' && outcome === undefined);
    if (run.session.status === 'ended' && hasText) {
      // A command is the last of what was taken.
      const isCommand = ({ body }: InboxItem): boolean => body.kind === 'command';
      stageTooLate(
        run,
        items.filter((item) => !isCommand(item)),
      );
      await stageAdmission(run, items.filter(isCommand), profile);
    } else if (
      run.openMessages.length > 0 ||
      hasText ||
      isGrantedMore(run.session, profile.spending.capNanoUsd)
    ) {
      last = (await workOn(service, items)) ?? last;
      if (last.hasLeft === true) return last;
      if (last.parkedUntilMs !== undefined && (await letGo(service))) return last;
    } else if (items.length > 0) {
      await admit(run, items, profile);
    } else if (!(await somethingArrives(service)) && (await letGo(service))) {
      return last;
    }
    if (run.endRequested && run.session.status !== 'ended') stageStatus(run, 'session.ended');
    await commitUnlessOvertaken(run, watch);
  }
}

/** False once the session was idle for as long as it may be. */
async function somethingArrives({ run, watch, lease, timing, signal }: Service): Promise<boolean> {
  if (timing.idleMs <= 0 || run.session.status === 'ended') return false;
  const arrived = new AbortController();
  const unwatch = watch.onArrival(() => arrived.abort());
  try {
    await run.ports.clock.sleep(timing.idleMs, AbortSignal.any([arrived.signal, lease.lost, signal]));
  } finally {
    unwatch();
  }
  return watch.hasMore();
}

/** Gives the lease back, on the condition that no message came in between, and calls the manager to the machine. */
async function letGo(service: Service): Promise<boolean> {
  const { run, lease, timing } = service;
  const { store, clock } = run.ports;
  await saveWork(service);
  const keepsMachine = timing.idleMs <= 0;
  if (run.session.startAttempts !== undefined) run.stage({ session: { startAttempts: undefined } });
  if (!keepsMachine && run.session.status === 'waiting') stageStatus(run, 'idle.elapsed');
  await run.commit();
  return store.releaseLease(lease.current(), keepsMachine ? {} : { manageAtMs: clock.nowMs() });
}

/** A session does not end over a message that came meanwhile: that one is refused first. */
async function commitUnlessOvertaken(run: SessionRun, watch: InboxWatch): Promise<void> {
  try {
    await run.commit();
  } catch (error) {
    if (!isFault(error, 'conflict') || run.session.status !== 'ended') throw error;
    await watch.look();
    if (!watch.hasMore()) throw error;
  }
}

/**
 * One turn, ended early by a command that arrives during it or came right behind its messages. Undefined when there was
 * nothing to work on.
 */
async function workOn(service: Service, items: readonly InboxItem[]): Promise<SessionEnd | undefined> {
  const { run, watch, checkpoints, profile, lease, signal } = service;
  const stop = new AbortController();
  const leave = new AbortController();
  const onLeave = (): void => leave.abort(new Leaving());
  signal.addEventListener('abort', onLeave, { once: true });
  if (signal.aborted) onLeave();
  let words = new AbortController();
  const heed = async (item: InboxItem): Promise<void> => {
    const heard = item.body.kind === 'command' ? stop : words;
    if (item.outcome !== undefined) return;
    try {
      if ((await refusalOf(item, profile.directory)) === undefined) heard.abort();
    } catch (error) {
      // Nobody knows for now; its admission asks again.
      if (!isFault(error, 'transient', 'throttled')) throw error;
    }
  };
  await Promise.all(items.map(heed));
  const unwatch = watch.onArrival(heed);
  let first: readonly InboxItem[] = items;
  const arrivals: Arrivals = {
    take() {
      const next = [...first, ...watch.take()];
      first = [];
      words = new AbortController();
      return next;
    },
    get words() {
      return words.signal;
    },
  };
  try {
    if (run.session.wakeAtMs !== undefined) run.stage({ session: AWAKE });
    stageStatus(run, 'turn.started');
    const end = await runTurn(
      run,
      checkpoints,
      profile,
      arrivals,
      AbortSignal.any([stop.signal, lease.lost, leave.signal]),
    );
    if (end === undefined) return undefined;
    return 'parkedUntilMs' in end ? end : { outcome: end };
  } catch (error) {
    if (!(error instanceof Leaving)) throw error;
    await saveWork(service);
    // Calls the manager to the machine, which goes: the lease alone would do so only once it has passed.
    run.stage({ session: { manageAtMs: run.ports.clock.nowMs() } });
    await run.commit();
    return { hasLeft: true };
  } finally {
    unwatch();
    signal.removeEventListener('abort', onLeave);
  }
}

/** What ran in the background may have ended, or is ended here, after the last checkpoint. */
async function saveWork({ checkpoints, profile }: Service): Promise<void> {
  await profile.endProcesses();
  await checkpoints.save('anything');
}

/** For words that came behind an `end` before the store knew of it: sent again, it opens the next session. */
function stageTooLate(run: SessionRun, items: readonly InboxItem[]): void {
  const reason = 'This session has ended. Send the message again to start a new one.';
  // A command that was answered as it came, or what was deleted, has its outcome.
  const open = items.filter(({ outcome }) => outcome === undefined);
  const lastSeq = open.at(-1)?.seq;
  const marks = marksOf(run.session, open, 'failed', run.ports.clock.nowMs());
  run.stage({
    admitted: items,
    outcomes: open.map(({ seq }) => ({ seq, outcome: { kind: 'refused', reason } })),
    outbox: [postOf(run, `${run.session.id}/refused-${lastSeq}`, reason), ...marks],
  });
}
