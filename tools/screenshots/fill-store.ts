import { join } from 'node:path';
import { openSqliteStore, SqliteJournal, SqliteLedger, SqliteSessionStore } from '@swe/adapter-local/sqlite';
import { sessionScope, toNanoUsd, turnEndingOf } from '@swe/domain';
import type { NewJournalEntry, Outcome, SessionStatus } from '@swe/domain';

interface Written {
  readonly title: string;
  readonly requester: string;
  readonly repository: string;
  readonly status: SessionStatus;
  readonly outcome: Outcome;
  /** What it said, where that is an answer. */
  readonly said?: string;
  /** Model calls: of the model, and in thousands of tokens. */
  readonly model: string;
  readonly calls: number;
  readonly hoursAgo: number;
}

const MODEL = 'anthropic/claude-sonnet-5-5';
const HOUR_MS = 60 * 60_000;
const DAY_HOURS = 24;

const SESSIONS: readonly Written[] = [
  {
    title: 'Round prices to cents in the invoice',
    requester: 'slack:T01/ada',
    repository: 'https://github.com/acme/shop',
    status: 'asleep',
    outcome: { kind: 'answered', replyKey: '', asksBack: true },
    said: 'Should amounts below a cent be rounded up, or to the nearest?',
    model: MODEL,
    calls: 14,
    hoursAgo: 2,
  },
  {
    title: 'Upgrade the payment client and its tests',
    requester: 'github:grace',
    repository: 'https://github.com/acme/payments',
    status: 'ended',
    outcome: { kind: 'answered', replyKey: '' },
    said: 'Opened acme/payments#214: the client is at version 9, and all 212 tests pass.',
    model: 'anthropic/claude-opus-5-5',
    calls: 41,
    hoursAgo: 9,
  },
  {
    title: 'The nightly import times out',
    requester: 'slack:T01/linus',
    repository: 'https://github.com/acme/import',
    status: 'asleep',
    outcome: { kind: 'failed', cause: 'The budget of this session is spent.' },
    model: MODEL,
    calls: 58,
    hoursAgo: 2 * DAY_HOURS,
  },
];

/** Writes down what a team may have done, into the store of a twin that does not run. */
export async function fillStore(home: string): Promise<void> {
  const database = openSqliteStore(join(home, 'store.sqlite'));
  try {
    const stores = {
      store: new SqliteSessionStore(database),
      journal: new SqliteJournal(database),
      ledger: new SqliteLedger(database),
    };
    for (const written of SESSIONS.toReversed()) await write(stores, written);
  } finally {
    database.close();
  }
}

interface Stores {
  readonly store: SqliteSessionStore;
  readonly journal: SqliteJournal;
  readonly ledger: SqliteLedger;
}

async function write(
  { store, journal, ledger }: Stores,
  { title, requester, repository, status, outcome, said = '', model, calls, hoursAgo }: Written,
): Promise<void> {
  const atMs = Date.now() - hoursAgo * HOUR_MS;
  const { sessionId } = await store.receive({
    messageKey: `api:screenshots/${title}`,
    origin: `api:screenshots/${hoursAgo}`,
    requester,
    addressed: true,
    body: { kind: 'text', text: title },
    receivedAtMs: atMs,
  });
  const lease = await store.takeLease({ sessionId, holder: 'screenshots', generation: 0, dueAtMs: 0 });
  const { fence } = lease;
  const ending = outcome.kind === 'answered' ? { ...outcome, replyKey: `${sessionId}/answer-1` } : outcome;
  const post = {
    effectKey: `${sessionId}/answer-1`,
    sessionId,
    destination: 'api:',
    class: 'message',
    body: said,
  } as const;
  await journal.append({
    sessionId,
    fence,
    entries: [
      ...Array.from({ length: calls }, (_, i) => callAt(i + 1, model, atMs)).flat(),
      { kind: 'state-changed', atMs, from: 'working', to: status, outcome: ending },
    ],
    admit: { cursor: 1, items: [{ seq: 1, revision: 0 }] },
    outcomes: [{ seq: 1, outcome: ending }],
    outbox: [{ ...post, createdAtMs: atMs }],
    session: { status, model, repositories: [repository], lastTurn: turnEndingOf(ending) },
  });
  const key = { sessionId, callNumber: 1 };
  const spent = toNanoUsd(calls * 0.03);
  await ledger.reserve(key, [{ name: sessionScope(sessionId) }], spent);
  await ledger.settle(key, spent, false);
  if (status !== 'ended') await store.releaseLease(lease, { status });
}

function callAt(callNumber: number, model: string, atMs: number): readonly NewJournalEntry[] {
  const usage = {
    inputTokens: 900,
    outputTokens: 700,
    cacheReadTokens: 20_000 + callNumber * 900,
    cacheWriteTokens: 1_200,
  };
  const call = { callNumber, model } as const;
  return [
    { kind: 'model-call-started', atMs, ...call },
    { kind: 'model-call-finished', atMs, ...call, content: [], stop: 'tool-use', usage, durationMs: 4_000 },
  ];
}
