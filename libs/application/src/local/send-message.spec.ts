import { expect, it } from '@jest/globals';
import {
  ManualClock,
  MemoryEventBus,
  MemorySessionStore,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { sendMessage } from './send-message';

it('leave to change workflow files counts once it is typed, and is heard as words', async () => {
  const store = new MemorySessionStore(new MemoryStore());
  let messages = 0;
  const random = { id: () => `m${(messages += 1)}` };
  const ports = { store, bus: new MemoryEventBus(), logger: silentLogger, clock: new ManualClock(), random };
  const say = (text: string) => sendMessage(ports, 'terminal:1', 'local:ada', { kind: 'text', text });
  const id = await say('Fix the build.');
  const leave = async () => (await store.load(id))?.workflowLeave?.by;
  expect(await leave()).toBeUndefined();
  await say('allow workflows');
  expect(await leave()).toBe('local:ada');
  await say('Go on.');
  expect(await leave()).toBe('local:ada');
  await say('forbid workflows');
  expect(await leave()).toBeUndefined();
  const outcomes = (await store.readInbox(id, 0)).map(({ outcome }) => outcome);
  expect(outcomes).toEqual([undefined, undefined, undefined, undefined]);
});
