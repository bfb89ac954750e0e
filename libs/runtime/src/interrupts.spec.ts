import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listenForInterrupts } from './interrupts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listening = (): number[] => SIGNALS.map((signal) => process.listenerCount(signal));

describe('interrupts', () => {
  let others: number[];
  let done: string[];
  let exited: PromiseWithResolvers<number>;
  let interrupts: ReturnType<typeof listenForInterrupts>;
  beforeEach(() => {
    others = listening();
    done = [];
    exited = Promise.withResolvers();
    interrupts = listenForInterrupts(130, (exitCode) => {
      done.push('exit');
      exited.resolve(exitCode);
    });
  });
  afterEach(() => interrupts[Symbol.dispose]());

  it.each(SIGNALS)('the first %s aborts the signal and ends nothing', (signal) => {
    interrupts.beforeQuit(async () => void done.push('close'));
    expect(interrupts.signal.aborted).toBe(false);
    process.emit(signal);
    expect(interrupts.signal.aborted).toBe(true);
    expect(done).toEqual([]);
  });

  it('the second closes everything, also what fails to close, and then ends the process', async () => {
    interrupts.beforeQuit(async () => {
      await Promise.resolve();
      done.push('close');
    });
    interrupts.beforeQuit(() => Promise.reject(new Error('cannot close')));
    process.emit('SIGINT');
    process.emit('SIGTERM');
    expect(await exited.promise).toBe(130);
    expect(done).toEqual(['close', 'exit']);
  });

  it('listens to nothing any more once disposed', () => {
    expect(listening()).toEqual(others.map((count) => count + 1));
    interrupts[Symbol.dispose]();
    expect(listening()).toEqual(others);
  });
});
