import { once } from 'node:events';
import { isFault } from '@swe/domain';
import type { IncomingMessage, Lease } from '@swe/domain';
import { SqliteJournal, SqliteLedger, SqliteSessionStore, openSqliteStore } from './index';

/**
 * The other process in `sqlite-processes.spec.ts`. `append`: appends until killed and prints each sequence it was
 * promised. `race`: receives and answers `MESSAGES` messages of one session against its siblings. `spend`: once all
 * `RIVALS` are there, reserves against one cap until denied, and prints how often it was not. `call`: reserves, says so,
 * and settles when its input ends. `calls`: reserves and settles until killed, and says so.
 */
const MESSAGES = 10;
const RIVALS = 3;
const [mode = '', path = '', name = ''] = process.argv.slice(2);
const database = openSqliteStore(path);
const store = new SqliteSessionStore(database);
const journal = new SqliteJournal(database);
const ledger = new SqliteLedger(database);
const month = { name: 'month:2026-11', capNanoUsd: 1_000 };

const modes: Readonly<Record<string, () => Promise<void>>> = {
  append: appendForever,
  race,
  spend,
  call,
  calls,
};
void modes[mode]?.();

async function appendForever(): Promise<void> {
  const { sessionId } = await store.receive(message(name));
  const { fence } = await store.takeLease({ sessionId, holder: name, generation: 0, dueAtMs: 0 });
  for (let n = 1; ; n += 1) {
    const entries = [marker(`${n}a`), marker(`${n}b`)];
    const session = { title: `${n}` };
    console.log(await journal.append({ sessionId, fence, entries, session }));
  }
}

async function race(): Promise<void> {
  for (let n = 1; n <= MESSAGES; n += 1) {
    const { sessionId } = await store.receive(message(`${name}-${n}`));
    let lease = await take(sessionId);
    do {
      const cursor = (await store.load(sessionId))?.cursor ?? 0;
      const items = await store.readInbox(sessionId, cursor);
      const entries = items.map(({ messageKey }) => marker(`${messageKey} ${lease.fence} ${name}`));
      const admit = { cursor: cursor + items.length, items };
      const outcomes = items.map(({ seq }) => ({ seq, outcome: { kind: 'stopped' } as const }));
      await journal.append({ sessionId, fence: lease.fence, entries, admit, outcomes });
      lease = await store.renewLease(lease, 0);
    } while (!(await store.releaseLease(lease, {})));
  }
  database.close();
}

async function spend(): Promise<void> {
  await ledger.reserve({ sessionId: name, callNumber: 1 }, [{ name: 'rivals' }], 1);
  while ((await ledger.report('rivals')).reservedNanoUsd < RIVALS);
  const scopes = [{ name: `session:${name}` }, month];
  for (let granted = 0; ; granted += 1) {
    try {
      await ledger.reserve({ sessionId: name, callNumber: granted + 2 }, scopes, 7);
    } catch (error) {
      if (!isFault(error, 'denied') || error.scope !== month.name) throw error;
      console.log(granted);
      return database.close();
    }
  }
}

async function call(): Promise<void> {
  const key = { sessionId: name, callNumber: 1 };
  await ledger.reserve(key, [month], 7);
  console.log('reserved');
  await once(process.stdin.resume(), 'end');
  await ledger.settle(key, 7, false);
}

async function calls(): Promise<void> {
  for (let callNumber = 1; ; callNumber += 1) {
    const key = { sessionId: name, callNumber };
    await ledger.reserve(key, [{ name: 'month:2026-11' }], 7);
    await ledger.settle(key, 5, false);
    console.log(callNumber);
  }
}

async function take(sessionId: string): Promise<Lease> {
  for (;;) {
    try {
      return await store.takeLease({ sessionId, holder: name, generation: 0, dueAtMs: 0 });
    } catch (error) {
      if (!isFault(error, 'conflict')) throw error;
    }
  }
}

function message(messageKey: string): IncomingMessage {
  const body = { kind: 'text', text: messageKey } as const;
  return { messageKey, origin: 'terminal:1', requester: 'local:ada', addressed: true, body, receivedAtMs: 1 };
}

function marker(what: string) {
  return { atMs: 1, kind: 'effect-intended', effectKey: what, what } as const;
}
