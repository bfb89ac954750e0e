import { join } from 'node:path';
import { openSqliteStore, SqliteJournal, SqliteSessionStore } from '@swe/adapter-local/sqlite';
import type { NewJournalEntry } from '@swe/domain';
import { openMachine } from './swe';
import type { Running } from './swe';

const UP = ['up', '--rehearse'];

/** The built twin with its page, as `npm start` serves it. */
export async function openConsoleTwin(environment: Readonly<Record<string, string>> = {}) {
  const machine = openMachine();
  let port = '0';
  let manager: Running | undefined;
  let output = '';

  async function start(): Promise<void> {
    output = '';
    manager = machine.start(UP, { ...environment, SWE_PORT: port });
    manager.child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
    await manager.saw('/sign-in?token=');
    port = new URL(signInUrl()).port;
  }
  const signInUrl = (): string => {
    const addresses = output.match(/http:\S+\/sign-in\?token=\w+/g);
    return addresses?.at(-1) ?? '';
  };
  async function stop(): Promise<void> {
    manager?.child.kill('SIGINT');
    await manager?.ended;
  }

  return {
    machine,
    start,
    stop,
    /** Where the next browser gets in. */
    signInUrl,
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    async close(): Promise<void> {
      await stop();
      machine.close();
    },
    /** Writes a session down that did this, before the twin starts, and gives its id. */
    async record(title: string, entries: readonly NewJournalEntry[]): Promise<string> {
      const database = openSqliteStore(join(machine.folder, 'swe', 'store.sqlite'));
      try {
        return await recordSession(
          { store: new SqliteSessionStore(database), journal: new SqliteJournal(database) },
          title,
          entries,
        );
      } finally {
        database.close();
      }
    },
  };
}

interface Stores {
  readonly store: SqliteSessionStore;
  readonly journal: SqliteJournal;
}

/** So many at once. */
const BATCH = 500;

async function recordSession(
  { store, journal }: Stores,
  title: string,
  entries: readonly NewJournalEntry[],
): Promise<string> {
  const { sessionId } = await store.receive({
    messageKey: `api:test/${title}`,
    origin: `api:test/${title.slice(0, 40)}`,
    requester: 'local:ada',
    addressed: true,
    body: { kind: 'text', text: title },
    receivedAtMs: 1,
  });
  const { fence } = await store.takeLease({ sessionId, holder: 'test', generation: 0, dueAtMs: 0 });
  for (let i = 0; i < entries.length; i += BATCH) {
    await journal.append({ sessionId, fence, entries: entries.slice(i, i + BATCH) });
  }
  const outcome = { kind: 'stopped' } as const;
  await journal.append({
    sessionId,
    fence,
    entries: [{ kind: 'state-changed', atMs: 3, from: 'working', to: 'ended', outcome }],
    admit: { cursor: 1, items: [{ seq: 1, revision: 0 }] },
    outcomes: [{ seq: 1, outcome }],
    session: { status: 'ended' },
  });
  return sessionId;
}
