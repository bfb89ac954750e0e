import {
  createCacheWatch,
  createContext,
  createInputBound,
  createTurnCourse,
  effortAfter,
  isFault,
  JOURNAL_VERSION,
  nextStatus,
} from '@swe/domain';
import type {
  Bill,
  Briefing,
  CacheMiss,
  Context,
  Effort,
  InboxItem,
  InputBound,
  KeptFile,
  LoadedRule,
  NewJournalEntry,
  OutboxEntry,
  Session,
  SessionEvent,
  TurnCourse,
} from '@swe/domain';
import type { AgentPorts, WritingPorts } from './agent-ports';
import type { Checkpoint } from './checkpoint-policy';
import { createProgress } from './progress';
import type { Progress } from './progress';
import { isNothing, joined, nothingStaged, writeOf } from './staged-facts';
import type { StagedFacts } from './staged-facts';
import { createWorkRecord } from './work-record';
import type { WorkRecord } from './work-record';

/**
 * A session while this process holds its lease: the state its journal adds up to, and the one way to add to it.
 * Facts are staged and committed together: a step awaits two writes of the journal, and the ledger beside them, and reads
 * nothing.
 */
export interface SessionRun<Ports extends WritingPorts = AgentPorts> {
  readonly ports: Ports;
  readonly session: Session;
  /** Of the lease that this process holds. */
  readonly fence: number;
  /** What is written of it. */
  readonly context: Context;
  /** Entries that wait for the next write. */
  readonly unwritten: readonly NewJournalEntry[];
  /** Set while model calls read less from their provider's cache than is to be expected. */
  readonly cacheMiss: CacheMiss | undefined;
  readonly progress: Progress;
  readonly record: WorkRecord;
  readonly course: TurnCourse;
  /** The rules of repositories that the model has got, by their path in the workspace. */
  readonly rules: ReadonlyMap<string, LoadedRule>;
  /** What the agent is told beside what every agent is; undefined while that is nothing. */
  readonly briefing: Briefing | undefined;
  /** Inbox numbers of admitted messages without an outcome. */
  readonly openMessages: readonly number[];
  /** Messages that were admitted here, and those without an outcome, by their number. */
  readonly admitted: ReadonlyMap<number, InboxItem>;
  /** Who has spoken in the session, whoever did so last at the end. */
  readonly speakers: readonly string[];
  /** That the person wants of the current turn. */
  readonly effort: Effort;
  /** The last model call's number. */
  readonly callNumber: number;
  /** What a call cost by the journal; undefined for one that it does not tell that of. */
  billOf(callNumber: number): Bill | undefined;
  /** How long the next model call's input may be. */
  readonly inputBound: InputBound;
  /** The number of the last entry before which no tool is running, as it is or will be once it is written. */
  readonly settledSeq: number;
  /** All that were saved, oldest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Working copies of the last checkpoint that could not be put back on this machine. */
  readonly unrestored: ReadonlySet<string>;
  /** That people sent, as they lie in the workspace. */
  readonly files: readonly KeptFile[];
  /** When a tool call without a result began; undefined for one that did not. */
  startedAtMs(callId: string): number | undefined;
  readonly hasToolRun: boolean;
  /** Tools ran that no checkpoint was taken after, or that one could not save. */
  readonly hasUnsavedTools: boolean;
  /** What they did until entry `journalSeq` is saved, also where that was no change. */
  toolsSaved(journalSeq: number): void;
  /** Somebody asked to end the session. */
  readonly endRequested: boolean;
  stage(facts: Partial<StagedFacts>): void;
  /** What the requester of the session that it works for lets that spend, where they set it. */
  readonly parentCapNanoUsd: number | undefined;
  /** Goes by what others wrote to the session, and to its parent: there is nothing to be written for it. */
  adopt(wishes: Pick<Session, 'wishedModel' | 'wishedAgent' | 'capNanoUsd'>, parentCapNanoUsd?: number): void;
  /**
   * Writes what is staged, atomically. A `conflict`, such as a lost lease, leaves it staged; after any other failure
   * nobody knows what is written, and all further writes fail with it.
   */
  commit(): Promise<void>;
}

/**
 * Reads the journal once, from its beginning. `onPosted` is told after each write that left something to deliver;
 * `beside` gives what people are to see along with each write.
 */
export async function openSessionRun<Ports extends WritingPorts>(
  ports: Ports,
  session: Session,
  fence: number,
  onPosted: () => void,
  beside: (run: SessionRun<Ports>) => readonly OutboxEntry[] = () => [],
): Promise<SessionRun<Ports>> {
  const context = createContext();
  const progress = createProgress();
  const inputBound = createInputBound();
  const cacheWatch = createCacheWatch();
  const record = createWorkRecord();
  const course = createTurnCourse();
  const open = new Set<number>();
  const admittedItems = new Map<number, InboxItem>();
  let speakers: readonly string[] = [];
  let current = session;
  let effort: Effort = 'usual';
  let callNumber = 0;
  let lastSeq = 0;
  let lastToolSeq = 0;
  let savedSeq = 0;
  const running = new Map<string, number>();
  const startedAt = new Map<string, number>();
  const bills = new Map<number, Bill>();
  let unrestored: ReadonlySet<string> = new Set();
  const checkpoints: Checkpoint[] = [];
  const files: KeptFile[] = [];
  const rules = new Map<string, LoadedRule>();
  let briefing: Briefing | undefined;
  let endRequested = false;
  let parentCap: number | undefined;
  let staged = nothingStaged();
  /** Why nothing can be written any more. */
  let broken: unknown;
  /** One write at a time: entries get their numbers in the order in which they were staged. */
  let committed = Promise.resolve();

  function follow(entry: NewJournalEntry): void {
    lastSeq += 1;
    progress.add(entry);
    inputBound.add(entry);
    cacheWatch.add(entry);
    record.add(entry);
    course.add(entry);
    effort = effortAfter(effort, entry);
    if (entry.kind === 'tool-started') {
      lastToolSeq = lastSeq;
      running.set(entry.callId, running.get(entry.callId) ?? lastSeq);
      startedAt.set(entry.callId, startedAt.get(entry.callId) ?? entry.atMs);
    }
    if (entry.kind === 'tool-finished') {
      running.delete(entry.callId);
      startedAt.delete(entry.callId);
      entry.rules?.forEach((rule) => rules.set(rule.path, rule));
    }
    // What waits is left off: it is begun again.
    if (entry.kind === 'wait-until') running.clear();
    if (entry.kind === 'checkpoint-saved') {
      checkpoints.push(entry);
      if (entry.notSaved.length === 0) savedSeq = entry.journalSeq;
    }
    if (entry.kind === 'checkpoint-restored') unrestored = new Set(entry.unrestored);
    if (entry.kind === 'message-admitted') {
      open.add(entry.inboxSeq);
      files.push(...(entry.files ?? []));
      speakers = [...speakers.filter((each) => each !== entry.requester), entry.requester];
    }
    if (entry.kind === 'briefed') briefing = entry;
    if (entry.kind === 'model-call-started') callNumber = entry.callNumber;
    if (entry.kind === 'model-call-finished' && entry.bill !== undefined) {
      bills.set(entry.callNumber, entry.bill);
    }
    if (entry.kind === 'state-changed' && entry.outcome !== undefined) open.clear();
  }

  for await (const entry of ports.journal.read(session.id, 1)) {
    context.add(entry);
    follow(entry);
  }
  if (open.size > 0) {
    // Admitted by a process that died, or parked.
    for (const item of await ports.store.readInbox(session.id, Math.min(...open) - 1)) {
      if (open.has(item.seq)) admittedItems.set(item.seq, item);
    }
  }

  const run: SessionRun<Ports> = {
    ports,
    fence,
    context,
    get unwritten() {
      return staged.entries;
    },
    get cacheMiss() {
      return cacheWatch.miss;
    },
    progress,
    inputBound,
    record,
    course,
    rules,
    get briefing() {
      return briefing;
    },
    get session() {
      return current;
    },
    get openMessages() {
      return [...open];
    },
    admitted: admittedItems,
    get speakers() {
      return speakers;
    },
    get effort() {
      return effort;
    },
    get callNumber() {
      return callNumber;
    },
    billOf: (call) => bills.get(call),
    get settledSeq() {
      return Math.min(lastSeq, ...[...running.values()].map((seq) => seq - 1));
    },
    get unrestored() {
      return unrestored;
    },
    files,
    startedAtMs: (callId) => startedAt.get(callId),
    get hasToolRun() {
      return lastToolSeq > 0;
    },
    checkpoints,
    get hasUnsavedTools() {
      return lastToolSeq > savedSeq;
    },
    toolsSaved(journalSeq) {
      savedSeq = journalSeq;
    },
    get endRequested() {
      return endRequested;
    },
    stage(facts) {
      staged = joined(staged, { ...nothingStaged(), ...facts });
      current = { ...current, ...facts.session };
      facts.entries?.forEach(follow);
      facts.admitted?.forEach((item) => admittedItems.set(item.seq, item));
      endRequested ||= (facts.admitted ?? []).some(
        ({ body, outcome }) => outcome === undefined && body.kind === 'command' && body.command === 'end',
      );
    },
    get parentCapNanoUsd() {
      return parentCap;
    },
    adopt({ wishedModel, wishedAgent, capNanoUsd }, parentCapNanoUsd) {
      parentCap = parentCapNanoUsd;
      current = { ...current, wishedModel, wishedAgent, capNanoUsd };
    },
    commit() {
      const next = committed.then(write);
      committed = next.catch(() => undefined);
      return next;
    },
  };
  return run;

  async function write(): Promise<void> {
    if (broken !== undefined) throw broken;
    if (isNothing(staged)) return;
    const writing = joined(staged, { ...nothingStaged(), outbox: beside(run) });
    staged = nothingStaged();
    let lastSeq: number;
    try {
      lastSeq = await ports.journal.append(writeOf(session.id, fence, writing, ports.clock.nowMs()));
    } catch (error) {
      staged = joined(writing, staged);
      // It may have been written all the same: written again, every call would be there twice.
      if (!isFault(error, 'conflict')) broken = error;
      throw error;
    }
    const firstSeq = lastSeq - writing.entries.length + 1;
    writing.entries.forEach((entry, i) => context.add({ ...entry, seq: firstSeq + i, v: JOURNAL_VERSION }));
    const cursor = writing.admitted.at(-1)?.seq;
    if (cursor !== undefined) current = { ...current, cursor };
    if (writing.outbox.length > 0) onPosted();
  }
}

/** Markdown for the person, to where the session came from. */
export function postOf(
  { session, ports }: SessionRun<WritingPorts>,
  effectKey: string,
  body: string,
  beside: Pick<OutboxEntry, 'attachment' | 'mention' | 'choices' | 'commands' | 'activity'> = {},
): OutboxEntry {
  return {
    effectKey,
    sessionId: session.id,
    destination: session.origin,
    class: 'message',
    body,
    ...beside,
    createdAtMs: ports.clock.nowMs(),
  };
}

/** Whose words the agent has taken up, whoever spoke last at the end. */
export function peopleOf({
  speakers,
  session,
}: {
  readonly speakers: readonly string[];
  readonly session: Pick<Session, 'requester'>;
}): readonly string[] {
  return speakers.length > 0 ? speakers : [session.requester];
}

/** Whom a post that ends a turn notifies. */
export function addresseeOf({ speakers, session }: SessionRun<WritingPorts>): string {
  return speakers.at(-1) ?? session.requester;
}

/** What `event` makes of the session's status. */
export function stageStatus(run: SessionRun<WritingPorts>, event: SessionEvent): void {
  const from = run.session.status;
  const to = nextStatus(from, event);
  if (from === to) return;
  run.stage({
    entries: [{ kind: 'state-changed', atMs: run.ports.clock.nowMs(), from, to }],
    session: { status: to },
  });
}
