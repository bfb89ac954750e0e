import { expect } from '@jest/globals';
import { JOURNAL_VERSION } from '@swe/domain';
import type {
  Journal,
  JournalEntry,
  JsonObject,
  Lease,
  NewJournalEntry,
  Outbox,
  OutboxEntry,
  SessionStore,
} from '@swe/domain';
import { expectFault } from './expect-fault';
import { incoming } from './incoming';
import type { Contract } from './run-contract';

/** A journal with the store and the outbox over the same data. */
export interface JournalSubject {
  readonly journal: Journal;
  readonly store: SessionStore;
  readonly outbox: Outbox;
  /** Puts an entry behind the last one as it is, as another version of this software would have. */
  plant(sessionId: string, entry: JsonObject): Promise<void>;
}

export const journalContract = {
  async 'entries are numbered from 1 without gaps, in the order given'(subject) {
    const { sessionId, fence } = await open(subject);
    const first = await subject.journal.append({ sessionId, fence, entries: [tool('a'), tool('b')] });
    const second = await subject.journal.append({ sessionId, fence, entries: [tool('c')] });
    expect([first, second]).toEqual([2, 3]);
    const entries = await readAll(subject.journal, sessionId);
    expect(entries).toMatchObject(['a', 'b', 'c'].map((callId, i) => ({ callId, seq: i + 1 })));
  },

  async 'entries, outbox, cursor, outcomes and session change become visible together or not at all'(
    subject,
  ) {
    const { sessionId, fence } = await open(subject);
    const { journal, store, outbox } = subject;
    const write = {
      sessionId,
      fence,
      entries: [tool('a')],
      outbox: [post('p', sessionId)],
      admit: { cursor: 1, items: [{ seq: 1, revision: 0 }] },
      session: { status: 'working', repositories: ['forge://shop'] },
    } as const satisfies Partial<Parameters<Journal['append']>[0]>;
    const answered = { kind: 'answered', replyKey: 'p' } as const;
    const twice = [
      { seq: 1, outcome: answered },
      { seq: 1, outcome: answered },
    ];
    const change = { ...write.session, repositories: [...write.session.repositories] };

    const before = await store.load(sessionId);
    await expectFault(journal.append({ ...write, session: change, outcomes: twice }), 'conflict');
    expect(await readAll(journal, sessionId)).toEqual([]);
    expect(await outbox.listUndelivered(sessionId)).toEqual([]);
    expect(await store.load(sessionId)).toEqual(before);
    expect((await store.readInbox(sessionId, 0))[0]?.outcome).toBeUndefined();

    await journal.append({ ...write, session: change, outcomes: twice.slice(1) });
    expect(await readAll(journal, sessionId)).toHaveLength(1);
    expect(await outbox.listUndelivered(sessionId)).toMatchObject(write.outbox.map((entry) => ({ entry })));
    expect(await store.load(sessionId)).toEqual({ ...before, ...change, cursor: 1, revision: 1 });
    expect((await store.readInbox(sessionId, 0))[0]?.outcome).toEqual(answered);
  },

  async "a fence older than the lease's is a `conflict` and writes nothing"(subject) {
    const { sessionId, fence, lease } = await open(subject);
    const claim = { sessionId, holder: 'second', generation: 0, dueAtMs: 9_000, from: lease };
    const next = await subject.store.takeLease(claim);
    const late = { sessionId, fence, entries: [tool('late')], outbox: [post('late', sessionId)] };
    await expectFault(subject.journal.append(late), 'conflict');
    expect(await readAll(subject.journal, sessionId)).toEqual([]);
    expect(await subject.outbox.listUndelivered(sessionId)).toEqual([]);
    expect(await subject.journal.append({ ...late, fence: next.fence })).toBe(1);
  },

  async 'a message edited since it was read cannot be admitted: `conflict`, nothing written'(subject) {
    const { sessionId, fence } = await open(subject);
    const [item] = await subject.store.readInbox(sessionId, 0);
    const otherRevision = (item?.revision ?? 0) + 1;
    const admit = { cursor: 1, items: [{ seq: 1, revision: otherRevision }] };
    await expectFault(subject.journal.append({ sessionId, fence, entries: [tool('a')], admit }), 'conflict');
    expect(await readAll(subject.journal, sessionId)).toEqual([]);
    expect(await subject.store.load(sessionId)).toMatchObject({ cursor: 0, revision: 0 });
  },

  async 'a message has one outcome: a second one is a `conflict`, nothing written'(subject) {
    const { sessionId, fence } = await open(subject);
    const outcomes = [{ seq: 1, outcome: { kind: 'stopped' } }] as const;
    await subject.journal.append({ sessionId, fence, entries: [], outcomes });
    const second = [{ seq: 1, outcome: { kind: 'cancelled' } }] as const;
    await expectFault(
      subject.journal.append({ sessionId, fence, entries: [tool('a')], outcomes: second }),
      'conflict',
    );
    expect(await readAll(subject.journal, sessionId)).toEqual([]);
    expect((await subject.store.readInbox(sessionId, 0))[0]?.outcome).toEqual({ kind: 'stopped' });
  },

  async 'an outbox entry whose effect key exists is kept as it was, a `status` gets its latest body'(
    subject,
  ) {
    const { sessionId, fence } = await open(subject);
    const append = (...outbox: OutboxEntry[]) =>
      subject.journal.append({ sessionId, fence, entries: [tool('a')], outbox });
    const status = (body: string) => ({ ...post('s', sessionId), class: 'status', body }) as const;
    await append(post('p', sessionId), status('first'));
    await append({ ...post('p', sessionId), body: 'something else' }, status('second'));
    const listed = await subject.outbox.listUndelivered(sessionId);
    expect(listed.map(({ entry }) => entry)).toEqual([post('p', sessionId), status('second')]);
    expect(await readAll(subject.journal, sessionId)).toHaveLength(2);
  },

  async 'a session ends only with the inbox head at its cursor: `conflict`, nothing written'(subject) {
    const { sessionId, fence } = await open(subject);
    const { journal, store } = subject;
    const end = { sessionId, fence, entries: [tool('a')], session: { status: 'ended' } } as const;
    await expectFault(journal.append(end), 'conflict');
    expect(await readAll(journal, sessionId)).toEqual([]);
    const admit = (cursor: number) => ({ cursor, items: [{ seq: 1, revision: 0 }] });
    await store.receive(incoming('b'));
    await expectFault(journal.append({ ...end, admit: admit(1) }), 'conflict');
    expect(await store.load(sessionId)).toMatchObject({ status: 'queued', cursor: 0 });
    await journal.append({ ...end, admit: admit(2) });
    expect(await store.load(sessionId)).toMatchObject({ status: 'ended', cursor: 2 });
    expect((await store.receive(incoming('c'))).sessionId).not.toBe(sessionId);
  },

  async '`read` gives the entries from a sequence on, in order, unchanged, however large'(subject) {
    const { sessionId, fence } = await open(subject);
    const written: NewJournalEntry[] = [
      tool('a'),
      {
        atMs: 2,
        kind: 'model-call-finished',
        callNumber: 1,
        model: 'rehearsal/shop',
        stop: 'tool-use',
        durationMs: 1.5,
        content: [
          { type: 'text', text: 'ünïcode \u2028 "quoted" \u0000' },
          { type: 'tool-call', callId: 'c', name: 'read', input: { path: ['a', null, -0.5] } },
        ],
      },
      finished('x'.repeat(1_000_000)),
      finished('ü'.repeat(300_000)),
      ...Array.from({ length: 300 }, (_, i) => tool(`t${i}`)),
    ];
    await subject.journal.append({ sessionId, fence, entries: written });
    const expected = written.map((entry, i) => ({ ...entry, seq: i + 1, v: JOURNAL_VERSION }));
    expect(await readAll(subject.journal, sessionId)).toEqual(expected);
    expect(await readAll(subject.journal, sessionId, 2)).toEqual(expected.slice(1));
    expect(await readAll(subject.journal, sessionId, 305)).toEqual([]);
  },

  async 'an entry of a newer version is `invalid`, naming the session'(subject) {
    const { sessionId, fence } = await open(subject);
    await subject.journal.append({ sessionId, fence, entries: [tool('a')] });
    await subject.plant(sessionId, { ...tool('b'), seq: 2, v: JOURNAL_VERSION + 1 });
    const fault = await expectFault(readAll(subject.journal, sessionId), 'invalid');
    expect(fault.message).toContain(sessionId);
  },
} satisfies Contract<JournalSubject>;

async function open({ store }: JournalSubject): Promise<{ sessionId: string; fence: number; lease: Lease }> {
  const { sessionId } = await store.receive(incoming('a'));
  const lease = await store.takeLease({ sessionId, holder: 'first', generation: 0, dueAtMs: 9_000 });
  return { sessionId, fence: lease.fence, lease };
}

async function readAll(journal: Journal, sessionId: string, fromSeq = 1): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of journal.read(sessionId, fromSeq)) entries.push(entry);
  return entries;
}

function tool(callId: string) {
  return { atMs: 1, kind: 'tool-started', callId, name: 'read' } as const satisfies NewJournalEntry;
}

function finished(said: string) {
  const content = [{ type: 'text' as const, text: said }];
  const result = { callId: 'c', name: 'read', content, isError: false, durationMs: 1 };
  return { atMs: 1, kind: 'tool-finished', ...result } satisfies NewJournalEntry;
}

function post(effectKey: string, sessionId: string): OutboxEntry {
  return { effectKey, sessionId, destination: 'terminal:1', class: 'message', body: 'done', createdAtMs: 1 };
}
