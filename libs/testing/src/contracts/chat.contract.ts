import { expect } from '@jest/globals';
import type { Chat } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface ChatSubject {
  readonly chat: Chat;
  /** The same place, as another process sees it. */
  readonly elsewhere: Chat;
  /** Two empty threads. */
  readonly destinations: readonly [string, string];
  /** The bodies that a person reads at `destination`, oldest first. */
  seen(destination: string): Promise<readonly string[]>;
}

export const chatContract = {
  async '`post` never dedupes: twice called, twice seen'({ chat, destinations: [here], seen }) {
    const first = await chat.post(here, 'Done: **3** files.', 'key');
    const second = await chat.post(here, 'Done: **3** files.', 'key');
    expect(second).not.toBe(first);
    expect(await seen(here)).toEqual(['Done: **3** files.', 'Done: **3** files.']);
  },

  async '`find` finds by effect key what was posted before, also by another process'({
    chat,
    elsewhere,
    destinations: [here],
  }) {
    expect(await elsewhere.find(here, 'key')).toBeUndefined();
    await chat.post(here, 'something else', 'other key');
    const id = await chat.post(here, 'first line\nsecond line', 'key');
    expect(await chat.find(here, 'key')).toBe(id);
    expect(await elsewhere.find(here, 'key')).toBe(id);
    expect(await elsewhere.find(here, 'ke')).toBeUndefined();
  },

  async "`find` knows nothing of another destination's posts"({ chat, destinations: [here, there] }) {
    await chat.post(there, 'body', 'key');
    expect(await chat.find(here, 'key')).toBeUndefined();
    const id = await chat.post(here, 'body', 'key');
    expect(await chat.find(here, 'key')).toBe(id);
  },

  async 'a body above `maxBodyLength` is refused as `invalid`, never cut'({
    chat,
    destinations: [here],
    seen,
  }) {
    const longest = 'é'.repeat(chat.maxBodyLength);
    await expectFault(chat.post(here, `${longest}!`, 'too long'), 'invalid');
    expect(await seen(here)).toEqual([]);
    await chat.post(here, longest, 'longest');
    expect(await seen(here)).toEqual([longest]);
  },
} satisfies Contract<ChatSubject>;
