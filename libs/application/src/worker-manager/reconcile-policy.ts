import type { InboxItem, Lease, Session, Worker } from '@swe/domain';

export interface ManagerTiming {
  /** Whoever makes a machine has this long, or is taken for dead. */
  readonly makeMs: number;
  /** A lease that did not move for so long belongs to nobody any more. */
  readonly leaseTtlMs: number;
  /** A machine that has neither taken its lease nor got further in coming up (`reportBoot`) for so long is started anew. */
  readonly bootMs: number;
  /** A stopped machine is kept for so long, counted from the stop. */
  readonly keepStoppedMs: number;
  /** Tries to start before the person is told and the messages fail. */
  readonly maxStartAttempts: number;
}

export const DEFAULT_MANAGER_TIMING: ManagerTiming = {
  makeMs: 2 * 60_000,
  leaseTtlMs: 30_000,
  bootMs: 10 * 60_000,
  keepStoppedMs: 24 * 60 * 60_000,
  maxStartAttempts: 5,
};

/** A session as its manager finds it stored. */
export interface StoredFacts {
  readonly session: Session;
  readonly lease: Lease | undefined;
  /** Messages that are not admitted. */
  readonly inbox: readonly InboxItem[];
}

/** A session as its manager finds it. */
export interface SessionFacts extends StoredFacts {
  /** Its machine, of whatever generation. */
  readonly worker: Worker | undefined;
}

export type Action =
  /** All is well, or somebody else acts. */
  | 'nothing'
  /** Remember how the lease stands, to see later whether it moved. */
  | 'watch-lease'
  /** A machine of the next generation, once the current one is known to be dead. */
  | 'start'
  /** The session is over, and whoever held its lease died before giving it back. */
  | 'free-lease'
  /** The messages are commands: they need no machine. */
  | 'run-commands'
  /** Make sure that the machine takes no more work, then stop it. */
  | 'begin-stop'
  | 'stop'
  /** The machine that was to be stopped is. */
  | 'put-to-sleep'
  | 'terminate';

/** What to do about a session now. Whatever it is, doing it twice or dying in the middle of it harms nothing. */
export function decide(facts: SessionFacts, timing: ManagerTiming, nowMs: number): Action {
  const { session, lease, inbox, worker } = facts;
  if (lease !== undefined && lease.generation === session.generation) {
    return holderIsGone(facts, lease, timing, nowMs);
  }
  if (session.status === 'ended') return whenEnded(facts);
  const isUp = isAlive(worker);
  if (needsMachine(facts, nowMs)) return isUp ? whileUp(facts, timing, nowMs) : whileDown(facts, nowMs);
  if (session.stopping === true) return isUp ? 'stop' : 'put-to-sleep';
  if (inbox.length > 0) return isUp ? 'nothing' : 'run-commands';

  const isTime = session.manageAtMs !== undefined && session.manageAtMs <= nowMs;
  if (!isTime) return 'nothing';
  if (isUp) return 'begin-stop';
  // Somebody else stopped it, a person's Ctrl-C or the vendor: from now on it is kept as one that was stopped here.
  return exists(worker) && session.status !== 'draining' ? 'terminate' : 'put-to-sleep';
}

function whenEnded({ session, lease, worker }: SessionFacts): Action {
  if (lease !== undefined) return 'free-lease';
  if (exists(worker)) return 'terminate';
  return session.manageAtMs === undefined ? 'nothing' : 'put-to-sleep';
}

function holderIsGone(
  { session, worker }: SessionFacts,
  { fence, revision }: Lease,
  { leaseTtlMs }: ManagerTiming,
  nowMs: number,
): Action {
  const next = session.status === 'ended' ? 'free-lease' : startOncePossible(session, nowMs);
  if (worker?.generation === session.generation && !isAlive(worker)) return next;
  const { leaseSeen } = session;
  const isSame = leaseSeen?.fence === fence && leaseSeen.revision === revision;
  if (!isSame) return 'watch-lease';
  return nowMs - leaseSeen.atMs >= leaseTtlMs ? next : 'nothing';
}

/** A lease of an older generation is what a dead machine left in the middle of its work. */
function needsMachine({ session, lease, inbox }: SessionFacts, nowMs: number): boolean {
  const hasText = inbox.some(({ body, outcome }) => body.kind === 'text' && outcome === undefined);
  const isDue = [session.retryAtMs, session.wakeAtMs].some((atMs) => atMs !== undefined && atMs <= nowMs);
  return hasText || isDue || lease !== undefined;
}

/** It looks for work itself, unless it still boots, hangs, or is about to be stopped. */
function whileUp(
  { session, inbox, worker }: SessionFacts,
  { bootMs, leaseTtlMs }: ManagerTiming,
  nowMs: number,
): Action {
  if (session.stopping === true) return 'stop';
  if (worker?.generation !== session.generation) return 'start';
  if (session.status === 'starting') return nowMs < (session.manageAtMs ?? 0) ? 'nothing' : 'start';
  const { updatedAtMs, retryAtMs = 0, wakeAtMs = 0 } = session;
  // A time to wake that lies ahead is none to wait for: there is a message.
  const wokenAtMs = wakeAtMs <= nowMs ? wakeAtMs : 0;
  const sinceMs = Math.max(updatedAtMs, inbox[0]?.receivedAtMs ?? 0, retryAtMs, wokenAtMs);
  return nowMs - sinceMs < Math.min(bootMs, 2 * leaseTtlMs) ? 'nothing' : 'start';
}

function whileDown({ session, worker }: SessionFacts, nowMs: number): Action {
  // Somebody is just making it.
  const isBeingMade = session.status === 'starting' && worker?.generation !== session.generation;
  if (isBeingMade && nowMs < (session.manageAtMs ?? 0)) return 'nothing';
  return startOncePossible(session, nowMs);
}

function startOncePossible({ retryAtMs }: Session, nowMs: number): Action {
  return retryAtMs !== undefined && retryAtMs > nowMs ? 'nothing' : 'start';
}

/** It is up, or about to be, or not yet down. */
export function isAlive(worker: Worker | undefined): boolean {
  return worker !== undefined && ['starting', 'running', 'stopping'].includes(worker.state);
}

/** There is something to terminate. */
export function exists(worker: Worker | undefined): boolean {
  return worker !== undefined && worker.state !== 'terminated';
}
