import { expect, it } from '@jest/globals';
import { ManualClock } from '@swe/testing/memory';
import { SentLog } from './sent-log';
import type { LogLine, SendLines } from './sent-log';

function open(send: SendLines = async () => undefined) {
  const clock = new ManualClock();
  const batches: (readonly string[])[] = [];
  let opened = 0;
  const log = new SentLog({
    clock,
    open: async () => {
      opened += 1;
      return async (lines, signal) => {
        await send(lines, signal);
        batches.push(lines.map(({ text }) => text));
      };
    },
  });
  const end = new AbortController();
  const sending = log.keepSending(end.signal);
  const close = async (): Promise<void> => {
    end.abort();
    await sending;
  };
  return { clock, log, batches, close, opened: () => opened };
}

it('sends every few seconds what was written, and nothing where there is nothing', async () => {
  const { clock, log, batches, close, opened } = open();
  await clock.advance(60_000);
  expect(opened()).toBe(0);
  log.write('one');
  log.write('two');
  await clock.advance(5_000);
  log.write('three');
  await clock.advance(5_000);
  await close();
  expect(batches).toEqual([['one', 'two'], ['three']]);
  expect(opened()).toBe(1);
});

it('sends at the end what is left', async () => {
  const { log, batches, close } = open();
  log.write('last');
  await close();
  expect(batches).toEqual([['last']]);
});

it('keeps what was not taken, and opens anew', async () => {
  let failures = 2;
  const { clock, log, batches, close, opened } = open(async () => {
    if (failures-- > 0) throw new Error('not now');
  });
  log.write('one');
  await clock.advance(5_000);
  log.write('two');
  await clock.advance(10_000);
  await close();
  expect(batches).toEqual([['one', 'two']]);
  expect(opened()).toBe(3);
});

it('ends although nothing is taken any more', async () => {
  const { clock, log, batches, close } = open(() => new Promise(() => undefined));
  log.write('one');
  const closed = close();
  await clock.advance(5_000);
  await closed;
  expect(batches).toEqual([]);
});

it('ends although a request has been under way for long, and gives it up', async () => {
  let given: AbortSignal | undefined;
  const { clock, log, close } = open((_, signal) => {
    given = signal;
    return new Promise(() => undefined);
  });
  log.write('one');
  await clock.advance(5_000);
  expect(given?.aborted).toBe(false);
  const closed = close();
  await clock.advance(5_000);
  await closed;
  expect(given?.aborted).toBe(true);
});

it('tries once more at the end what was refused meanwhile', async () => {
  const refusal = Promise.withResolvers<void>();
  let tries = 0;
  const { clock, log, batches, close } = open(async () => {
    tries += 1;
    if (tries === 1) await refusal.promise;
  });
  log.write('one');
  await clock.advance(5_000);
  const closed = close();
  refusal.reject(new Error('not now'));
  await closed;
  expect(batches).toEqual([['one']]);
});

it('never puts a line before the one before it, although the clock is set back', async () => {
  let nowMs = 1_000;
  const sent: LogLine[] = [];
  const end = new AbortController();
  const clock = { nowMs: () => nowMs, sleep: async () => undefined };
  const log = new SentLog({ clock, open: async () => async (lines) => void sent.push(...lines) });
  log.write('one');
  nowMs = 400;
  log.write('two');
  end.abort();
  await log.keepSending(end.signal);
  expect(sent.map(({ atMs }) => atMs)).toEqual([1_000, 1_000]);
});

it('drops the oldest of too many lines, says how many, and sends each of the others once', async () => {
  const sent: LogLine[] = [];
  let isTaken = false;
  const { clock, log, close } = open(async (lines) => {
    if (!isTaken) throw new Error('not now');
    sent.push(...lines);
    // The log goes on while a batch is under way, and runs over again.
    if (sent.length === lines.length) for (let i = 0; i < 10; i += 1) log.write(`late ${i}`);
  });
  for (let i = 0; i < 10_003; i += 1) log.write(`${i}`);
  await clock.advance(5_000);
  isTaken = true;
  await clock.advance(5_000);
  await close();
  const texts = sent.map(({ text }) => text);
  expect(JSON.parse(texts[0]!)).toMatchObject({ event: 'log.cut', lines: 3 });
  expect(texts.slice(1)).toEqual([
    ...Array.from({ length: 10_000 }, (_, i) => `${i + 3}`),
    ...Array.from({ length: 10 }, (_, i) => `late ${i}`),
  ]);
});

it('cuts a line that is too long', async () => {
  const { log, batches, close } = open();
  log.write('x'.repeat(100_000));
  await close();
  expect(batches[0]![0]).toHaveLength(8_000);
});
