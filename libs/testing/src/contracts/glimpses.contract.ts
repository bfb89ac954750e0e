import { expect } from '@jest/globals';
import { EMPTY_GLIMPSE } from '@swe/domain';
import type { Glimpse, Glimpses } from '@swe/domain';
import type { Contract } from './run-contract';

export interface GlimpsesSubject {
  readonly glimpses: Glimpses;
  /** From now on nothing can be kept, and what was can't be read. */
  break(): Promise<void>;
}

const glimpseOf = (text: string): Glimpse => ({
  step: { step: 2, text },
  running: [{ callId: 'c-1', output: '1 passed\n' }],
});

export const glimpsesContract = {
  async 'what was put last is got'({ glimpses }) {
    for (const text of ['I', 'I see. É\n']) {
      await glimpses.put('s1', glimpseOf(text));
      expect(await glimpses.get('s1')).toEqual(glimpseOf(text));
    }
  },

  async 'a session of which nothing was put has an empty one'({ glimpses }) {
    expect(await glimpses.get('s1')).toEqual(EMPTY_GLIMPSE);
  },

  async 'an empty one takes the place of what was put'({ glimpses }) {
    await glimpses.put('s1', glimpseOf('I'));
    for (let times = 0; times < 2; times += 1) await glimpses.put('s1', EMPTY_GLIMPSE);
    expect(await glimpses.get('s1')).toEqual(EMPTY_GLIMPSE);
  },

  async 'sessions have glimpses of their own'({ glimpses }) {
    await glimpses.put('s1', glimpseOf('one'));
    await glimpses.put('s2', glimpseOf('two'));
    await glimpses.put('s2', EMPTY_GLIMPSE);
    expect(await glimpses.get('s1')).toEqual(glimpseOf('one'));
  },

  async 'what can’t be kept or read is lost, and fails no call'(subject) {
    const { glimpses } = subject;
    await glimpses.put('s1', glimpseOf('one'));
    await subject.break();
    await glimpses.put('s1', glimpseOf('two'));
    expect(await glimpses.get('s1')).toEqual(EMPTY_GLIMPSE);
    await glimpses.put('s1', EMPTY_GLIMPSE);
  },
} satisfies Contract<GlimpsesSubject>;
