import { expect, it } from '@jest/globals';
import { ManualClock } from '@swe/testing/memory';
import { CallsInFlight } from './calls-in-flight';

/** As an answer from elsewhere comes: some turns of the event loop later. */
async function answer(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

const away = {
  ask: async () => answer(),
  refuse: async () => {
    await answer();
    throw new Error('no');
  },
  async *list() {
    await answer();
    yield 1;
    await answer();
    yield 2;
  },
};

function openClock() {
  const calls = new CallsInFlight();
  const clock = new ManualClock(0, () => calls.settle());
  return { clock, port: calls.counted(away) };
}

it('time stands still while a call is in flight, and while the next one is that it leads to', async () => {
  const { clock, port } = openClock();
  const seenAtMs: number[] = [];
  const work = async (): Promise<void> => {
    for (let i = 0; i < 3; i += 1) {
      await clock.sleep(10);
      await port.ask();
      await port.ask();
      seenAtMs.push(clock.nowMs());
    }
  };
  const done = work();
  await clock.advance(100);
  expect(seenAtMs).toEqual([10, 20, 30]);
  await done;
});

it('a refused call has ended', async () => {
  const { clock, port } = openClock();
  const refused = expect(port.refuse()).rejects.toThrow('no');
  await clock.advance(1);
  await refused;
  expect(clock.nowMs()).toBe(1);
});

it('a stream is in flight while its next part is waited for, and not while that is worked on', async () => {
  const { clock, port } = openClock();
  const seen: (readonly [number, number])[] = [];
  const work = async (): Promise<void> => {
    for await (const part of port.list()) {
      await clock.sleep(10);
      seen.push([part, clock.nowMs()]);
    }
  };
  const done = work();
  await clock.advance(100);
  expect(seen).toEqual([
    [1, 10],
    [2, 20],
  ]);
  await done;
});
