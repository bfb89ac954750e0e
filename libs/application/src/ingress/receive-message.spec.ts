import { expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { IncomingMessage } from '@swe/domain';
import { MemorySessionStore, MemoryStore, silentLogger } from '@swe/testing/memory';
import { receiveMessage } from './receive-message';

const message: IncomingMessage = {
  messageKey: 'm1',
  origin: 'terminal:1',
  requester: 'local:ada',
  addressed: true,
  body: { kind: 'text', text: 'Go.' },
  receivedAtMs: 1,
};

function open(onHint: (sessionId: string, store: MemorySessionStore) => Promise<void>) {
  const store = new MemorySessionStore(new MemoryStore());
  const bus = { publish: (sessionId: string) => onHint(sessionId, store) };
  return { store, receive: () => receiveMessage({ store, bus, logger: silentLogger }, message) };
}

it('whoever is hinted at a message finds it', async () => {
  const found: unknown[] = [];
  const { receive } = open(async (sessionId, store) => {
    found.push(...(await store.readInbox(sessionId, 0)));
  });
  await receive();
  expect(found).toMatchObject([{ messageKey: 'm1' }]);
});

it('a message is accepted without its hint', async () => {
  const { store, receive } = open(() => Promise.reject(new Fault('transient', 'the bus is down')));
  const { sessionId } = await receive();
  expect(await store.readInbox(sessionId, 0)).toHaveLength(1);
});

it('a message that is not stored is not accepted, and nobody is hinted at it', async () => {
  const hinted: string[] = [];
  const { store, receive } = open(async (sessionId) => void hinted.push(sessionId));
  const full = new Fault('transient', 'the disk is full');
  store.receive = () => Promise.reject(full);
  await expect(receive()).rejects.toBe(full);
  expect(hinted).toEqual([]);
});
