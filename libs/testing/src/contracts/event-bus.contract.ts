import { expect } from '@jest/globals';
import type { EventBus, Hint } from '@swe/domain';
import type { Contract } from './run-contract';

export interface EventBusSubject {
  readonly bus: EventBus;
  /** Breaks what subscribers are connected by, as a network does. The bus is left to find out and to come back. */
  interrupt(): Promise<void>;
}

export const eventBusContract = {
  async 'a subscriber hears a hint published for its session while it is connected, at least once'({ bus }) {
    const ears = await Promise.all([listen(bus, 's1'), listen(bus, 's1')]);
    await bus.publish('s1');
    await Promise.all(ears.map(({ heard }) => heard));
  },

  async 'it hears nothing of other sessions'({ bus }) {
    const own = await listen(bus, 's1');
    const other = await listen(bus, 's2');
    await bus.publish('s2');
    await other.heard;
    expect(own.hints()).toEqual([]);
  },

  async 'after `close` it hears nothing more'({ bus }) {
    const closed = await listen(bus, 's1');
    const open = await listen(bus, 's1');
    await closed.close();
    await closed.close();
    await bus.publish('s1');
    await open.heard;
    expect(closed.hints()).toEqual([]);
  },

  async 'a connection that breaks comes back by itself, and hints are heard again'({ bus, interrupt }) {
    const ear = await listen(bus, 's1');
    for (let breaks = 0; breaks < 2; breaks += 1) {
      const back = ear.next('away');
      await interrupt();
      await back;
      const heard = ear.next('changed');
      await bus.publish('s1');
      await heard;
    }
  },

  async 'every subscriber is told `away` after each break, once it is connected again'({ bus, interrupt }) {
    const ears = await Promise.all([listen(bus, 's1'), listen(bus, 's1'), listen(bus, 's2')]);
    const closed = await listen(bus, 's1');
    await closed.close();
    expect(ears.flatMap((ear) => ear.all())).toEqual([]);
    for (let breaks = 1; breaks <= 2; breaks += 1) {
      const back = ears.map((ear) => ear.next('away'));
      await interrupt();
      await Promise.all(back);
      expect(ears.map((ear) => ear.all())).toEqual(ears.map(() => Array(breaks).fill('away')));
    }
    expect(closed.all()).toEqual([]);
  },
} satisfies Contract<EventBusSubject>;

/** When to call a hint lost: not an assertion on time, so far longer than one takes. */
const DEADLINE_MS = 2_000;

/** Subscribes, and writes down what is heard. `heard` is the first `changed`; `next` is the next of its kind. */
async function listen(bus: EventBus, sessionId: string) {
  const hints: Hint[] = [];
  const waiting = new Set<{ readonly hint: Hint; readonly resolve: () => void }>();
  const next = (hint: Hint): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const lost = () => reject(new Error(`${sessionId} did not hear ${hint}`));
    const deadline = setTimeout(lost, DEADLINE_MS).unref();
    promise.catch(() => undefined);
    waiting.add({ hint, resolve: () => (clearTimeout(deadline), resolve()) });
    return promise;
  };
  const heard = next('changed');
  const subscription = await bus.subscribe(sessionId, (hint) => {
    hints.push(hint);
    for (const each of waiting) {
      if (each.hint !== hint) continue;
      waiting.delete(each);
      each.resolve();
    }
  });
  return {
    heard,
    next,
    all: () => hints,
    hints: () => hints.filter((hint) => hint === 'changed'),
    close: () => subscription.close(),
  };
}
