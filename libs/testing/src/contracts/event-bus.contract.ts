import { expect } from '@jest/globals';
import type { EventBus, Hint } from '@swe/domain';
import type { Contract } from './run-contract';

export const eventBusContract = {
  async 'a subscriber hears a hint published for its session while it is connected, at least once'(bus) {
    const ears = await Promise.all([listen(bus, 's1'), listen(bus, 's1')]);
    await bus.publish('s1');
    await Promise.all(ears.map(({ heard }) => heard));
  },

  async 'it hears nothing of other sessions'(bus) {
    const own = await listen(bus, 's1');
    const other = await listen(bus, 's2');
    await bus.publish('s2');
    await other.heard;
    expect(own.hints()).toEqual([]);
  },

  async 'after `close` it hears nothing more'(bus) {
    const closed = await listen(bus, 's1');
    const open = await listen(bus, 's1');
    await closed.close();
    await closed.close();
    await bus.publish('s1');
    await open.heard;
    expect(closed.hints()).toEqual([]);
  },
} satisfies Contract<EventBus>;

/** When to call a hint lost: not an assertion on time, so far longer than one takes. */
const DEADLINE_MS = 2_000;

/** Subscribes; `heard` is fulfilled by the first `changed`, and rejected when none comes. `away` never counts. */
async function listen(bus: EventBus, sessionId: string) {
  const hints: Hint[] = [];
  const first = Promise.withResolvers<void>();
  const deadline = setTimeout(() => first.reject(new Error(`no hint for ${sessionId}`)), DEADLINE_MS).unref();
  first.promise.catch(() => undefined);
  const subscription = await bus.subscribe(sessionId, (hint) => {
    if (hint !== 'changed') return;
    hints.push(hint);
    clearTimeout(deadline);
    first.resolve();
  });
  return { heard: first.promise, hints: () => hints, close: () => subscription.close() };
}
