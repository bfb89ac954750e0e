import type { Hint, InboxItem, JournalEntry, Logger, Session } from '@swe/domain';
import { runSession } from '../../agent/run-session';
import type { SessionTiming } from '../../agent/run-session';
import type { AgentPorts } from '../../agent/agent-ports';
import { absent } from './absent';
import type { Cassette } from './cassette';
import type { ReplayClock } from './replay-clock';
import { capAhead } from './replay-ledger';
import { replayModels } from './replay-model';
import type { ReplayModels } from './replay-model';
import { replayProfile } from './replay-profile';
import type { ReplayTools } from './replay-tools';
import type { Tape } from './tape';

const NEVER_MS = Number.MAX_SAFE_INTEGER;
/** No other wait is so long. */
export const IDLE_MS = NEVER_MS - 1;

/** Whatever is beside the work, such as heartbeats, never comes. */
const TIMING: SessionTiming = {
  pollMs: NEVER_MS,
  idleMs: IDLE_MS,
  checkpointMs: NEVER_MS,
  leaseTtlMs: NEVER_MS,
  heartbeatMs: NEVER_MS,
};

/** What outlives a process: the session as it is stored, and its messages so far. */
export interface ReplayStore {
  session: Session;
  readonly inbox: InboxItem[];
  readonly tape: Tape;
  readonly clock: ReplayClock;
  readonly ledger: AgentPorts['ledger'];
}

/** A process that serves the session. */
export interface ReplayProcess {
  readonly models: ReplayModels;
  readonly tools: ReplayTools;
  /** Whether a call has its result, from whomever. */
  hasResult(callId: string): boolean;
  readonly isOver: boolean;
  hint(): void;
  /** It dies: nothing that it does from here on counts. */
  kill(): void;
}

export function startProcess(cassette: Cassette, store: ReplayStore): ReplayProcess {
  const { tape, clock, ledger } = store;
  const halted = new Promise<never>(() => undefined);
  const results = new Set<string>();
  const listeners = new Set<(hint: Hint) => void>();
  let isKilled = false;
  let isOver = false;
  /** Goes on unless the process is dead, or nothing counts any more. */
  const alive = async (): Promise<void> => {
    if (isKilled || tape.drift !== undefined) await halted;
  };
  const models = replayModels(cassette, tape, halted);
  const { profile, tools } = replayProfile(cassette, tape, models);
  const { id: sessionId } = cassette.session;
  const lease = { sessionId, holder: 'replay', generation: 1, fence: 1, revision: 1 };
  const ports: AgentPorts = {
    store: {
      load: async () => ({ ...store.session, capNanoUsd: capAhead(cassette, tape) }),
      capOf: async () => capAhead(cassette, tape),
      readInbox: async (_id, afterSeq) => store.inbox.filter(({ seq }) => seq > afterSeq),
      readLease: async () => undefined,
      takeLease: async () => lease,
      renewLease: async () => lease,
      releaseLease: async () => store.inbox.length <= store.session.cursor,
    },
    journal: {
      async append({ entries, outbox = [], admit, session: change }) {
        await alive();
        tape.write(entries, outbox);
        await alive();
        const { session } = store;
        const cursor = admit?.cursor ?? session.cursor;
        store.session = { ...session, ...change, cursor, revision: session.revision + 1 };
        return tape.written.length;
      },
      async *read(_id, fromSeq) {
        yield* tape.written.slice(fromSeq - 1);
      },
    },
    // What is stored to be delivered is compared, and nobody gets it.
    outbox: { ...absent<AgentPorts['outbox']>(), listUndelivered: async () => [] },
    chat: absent(),
    blobs: absent(),
    snapshots: {
      ...absent<AgentPorts['snapshots']>(),
      isCurrent: async () => true,
      workingCopies: async () => [],
    },
    bus: {
      async subscribe(_id, listener) {
        listeners.add(listener);
        return { close: async () => void listeners.delete(listener) };
      },
    },
    models: models.models,
    openModel: models.openModel,
    ledger,
    clock,
    random: { fraction: () => 0 },
    logger: SILENT,
    observe(event) {
      if (event.type === 'tool.finished') results.add(event.callId);
    },
  };

  void runSession(ports, lease, profile, TIMING).then(
    () => (isOver = true),
    (error: unknown) => {
      isOver = true;
      if (!isKilled) tape.fail({ step: 'the session', expected: 'that it goes on', came: String(error) });
    },
  );

  return {
    models,
    tools,
    hasResult: (callId) => results.has(callId),
    get isOver() {
      return isOver;
    },
    hint: () => listeners.forEach((listener) => listener('changed')),
    kill() {
      isKilled = true;
    },
  };
}

/** What a process found when it was started, and did not write itself, is given. */
export function foundAtStart(next: (ahead: number) => JournalEntry | undefined): number {
  const first = next(0);
  if (first?.kind === 'checkpoint-restored') return 1;
  return first?.kind === 'state-changed' && next(1)?.kind === 'checkpoint-restored' ? 2 : 0;
}

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => SILENT,
};
