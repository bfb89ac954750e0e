import { describe, expect, it } from '@jest/globals';
import type { MessageFile, Outcome, SessionStore } from '@swe/domain';
import {
  MemoryEventBus,
  MemoryJournal,
  MemorySessionStore,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { reviseMessage } from './revise-message';

const ORIGIN = 'slack:T/C/1.1';
const plan: MessageFile = { ref: 'slack:T/F1', name: 'plan.pdf' };

/** A message in the inbox of a session, which may be admitted, and have its outcome. */
async function openThread({ isAdmitted = true, outcome }: { isAdmitted?: boolean; outcome?: Outcome } = {}) {
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const from = { origin: ORIGIN, requester: 'slack:T/U', addressed: true, receivedAtMs: 1 };
  const body = { kind: 'text', text: 'Paint it red.', files: [plan] } as const;
  const { sessionId } = await store.receive({ ...from, messageKey: 'm1', body });
  if (isAdmitted) {
    const claim = { sessionId, holder: 'agent', generation: 0, dueAtMs: 1 };
    const { fence } = await store.takeLease(claim);
    const admit = { cursor: 1, items: [{ seq: 1, revision: 0 }] };
    const outcomes = outcome === undefined ? [] : [{ seq: 1, outcome }];
    await new MemoryJournal(data).append({ sessionId, fence, entries: [], admit, outcomes });
  }
  const bound = {
    receive: store.receive.bind(store),
    revise: store.revise.bind(store),
    findMessage: store.findMessage.bind(store),
    load: store.load.bind(store),
  };
  const revise = (editKey: string, text?: string, files?: MessageFile[], over: Partial<SessionStore> = {}) =>
    reviseMessage(
      { store: { ...bound, ...over }, bus: new MemoryEventBus(), logger: silentLogger },
      {
        ...{ editKey, messageKey: 'm1', origin: ORIGIN, requester: 'slack:T/U', receivedAtMs: 2 },
        ...(text !== undefined && { body: { kind: 'text', text, ...(files && { files }) } }),
      },
    );
  const texts = async () =>
    (await store.readInbox(sessionId, 0)).map((item) => item.body.kind === 'text' && item.body.text);
  return { store, sessionId, revise, texts };
}

describe('an edit', () => {
  it('of a message that nobody has read yet changes it', async () => {
    const { revise, texts } = await openThread({ isAdmitted: false });
    expect(await revise('m1/2', 'Paint it blue.')).toBe('revised');
    expect(await revise('m1/2', 'Paint it blue.')).toBe('ignored');
    expect(await texts()).toEqual(['Paint it blue.']);
  });

  it('of a message that was read is told as a message of its own, once, with the files that are new', async () => {
    const { store, sessionId, revise, texts } = await openThread();
    const shot = { ref: 'slack:T/F2', name: 'shot.png' };
    expect(await revise('m1/2', 'Paint it blue.', [plan, shot])).toBe('told');
    expect(await revise('m1/2', 'Paint it blue.', [plan, shot])).toBe('ignored');
    expect(await texts()).toEqual(['Paint it red.', 'I edited my message: Paint it blue.']);
    const [, told] = await store.readInbox(sessionId, 0);
    expect(told).toMatchObject({ messageKey: 'm1/2', requester: 'slack:T/U', body: { files: [shot] } });
  });

  it('is told although whoever handled it first died before that was stored', async () => {
    const { revise, texts } = await openThread();
    const died = { receive: () => Promise.reject(new Error('killed')) };
    await expect(revise('m1/2', 'Paint it blue.', [plan], died)).rejects.toThrow('killed');
    expect(await revise('m1/2', 'Paint it blue.', [plan])).toBe('told');
    expect(await texts()).toHaveLength(2);
  });

  it('that changes no word, such as the preview of a link, is nothing', async () => {
    const { revise, texts } = await openThread();
    expect(await revise('m1/2', 'Paint it red.', [plan])).toBe('ignored');
    expect(await texts()).toHaveLength(1);
  });

  it.each<Outcome>([
    { kind: 'cancelled' },
    { kind: 'refused', reason: 'no' },
    { kind: 'command-result', text: 'Help.' },
  ])('of a message that was never work is nothing: %j', async (outcome) => {
    const { revise, texts } = await openThread({ outcome });
    expect(await revise('m1/2', 'Paint it blue.')).toBe('ignored');
    expect(await texts()).toHaveLength(1);
  });

  it('of an answered message is a further message', async () => {
    const { revise } = await openThread({ outcome: { kind: 'answered', replyKey: 'k' } });
    expect(await revise('m1/2', 'Paint it blue.')).toBe('told');
  });

  it('of a message nobody knows is told so, and of a session that has ended is nothing', async () => {
    const { store, sessionId, revise } = await openThread({ outcome: { kind: 'stopped' } });
    const unknown = { revise: async () => 'unknown' as const };
    expect(await revise('m1/1', 'Paint it blue.', [], unknown)).toBe('unknown');
    const ending = (await store.load(sessionId))!;
    await store.change(sessionId, ending.revision, { status: 'ended' });
    expect(await revise('m1/2', 'Paint it blue.')).toBe('ignored');
    const stale = { load: async () => ending };
    expect(await revise('m1/3', 'Paint it blue.', [], stale)).toBe('ignored');
    expect(await store.readInbox(sessionId, 0)).toHaveLength(1);
  });
});

describe('a deletion', () => {
  it('of a message that nobody has read yet cancels it', async () => {
    const { store, revise } = await openThread({ isAdmitted: false });
    expect(await revise('m1/deleted')).toBe('revised');
    expect(await store.findMessage('m1')).toMatchObject({ item: { outcome: { kind: 'cancelled' } } });
  });

  it('of a message that is being worked on is told once', async () => {
    const { revise, texts } = await openThread();
    expect(await revise('m1/deleted')).toBe('told');
    expect(await revise('m1/deleted')).toBe('ignored');
    expect(await texts()).toEqual(['Paint it red.', 'I deleted my message: "Paint it red."']);
  });

  it('of a message that was answered wakes nobody', async () => {
    const { revise, texts } = await openThread({ outcome: { kind: 'answered', replyKey: 'k' } });
    expect(await revise('m1/deleted')).toBe('ignored');
    expect(await texts()).toHaveLength(1);
  });
});
