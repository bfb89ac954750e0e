import { beforeAll, expect, it } from '@jest/globals';
import { MemorySessionStore } from '@swe/testing/memory';
import { findSession } from './find-session';

const store = new MemorySessionStore();
const ids: string[] = [];
beforeAll(async () => {
  for (let i = 0; i < 300; i += 1) {
    const { sessionId } = await store.receive({
      messageKey: `m${i}`,
      origin: `terminal:${i}`,
      requester: 'local:ada',
      addressed: true,
      body: { kind: 'text', text: `Task ${i}` },
      receivedAtMs: i,
    });
    ids.push(sessionId);
  }
});

it('a session is found by its id and by the beginning of it, on any page', async () => {
  expect((await findSession(store, ids[0] ?? '')).title).toBe('Task 0');
  expect((await findSession(store, (ids[0] ?? '').slice(0, 12))).title).toBe('Task 0');
});

it('no session and several are told apart', async () => {
  await expect(findSession(store, 'sxyz1')).rejects.toMatchObject({ kind: 'missing' });
  await expect(findSession(store, 's')).rejects.toMatchObject({ kind: 'invalid' });
});
