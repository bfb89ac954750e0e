import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import type { SpotNotice } from './instance-metadata';
import { watchSpotNotice } from './watch-spot-notice';

const NOTICE = { action: 'terminate', time: '2026-09-18T08:22:00Z' };
const unreachable = new Fault('transient', 'the metadata service does not answer');

/** Gives one answer after the other, and `undefined` from then on. */
function open(answers: readonly (SpotNotice | Fault | undefined)[]) {
  const clock = new ManualClock();
  const warned: string[] = [];
  const left = [...answers];
  const metadata = {
    spotNotice: async () => {
      const answer = left.shift();
      if (answer instanceof Fault) throw answer;
      return answer;
    },
  };
  const leave = new AbortController();
  const logger = { warn: (event: string) => void warned.push(event) };
  const watching = watchSpotNotice({ metadata, clock, logger }, leave.signal);
  return { clock, warned, leave, watching };
}

describe('a spot notice', () => {
  it('is waited for', async () => {
    const { clock, watching } = open([undefined, undefined, NOTICE]);
    await clock.advance(60_000);
    expect(await watching).toEqual(NOTICE);
  });

  it('is waited for through times without an answer, each logged once', async () => {
    const { clock, watching, warned } = open([unreachable, unreachable, undefined, unreachable, NOTICE]);
    await clock.advance(60_000);
    expect(await watching).toEqual(NOTICE);
    expect(warned).toEqual(['spot-notice.unreadable', 'spot-notice.unreadable']);
  });

  it('is no longer waited for once nobody wants it', async () => {
    const { clock, watching, leave } = open([]);
    await clock.advance(60_000);
    leave.abort();
    expect(await watching).toBeUndefined();
  });
});
