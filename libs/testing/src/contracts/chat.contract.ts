import { expect } from '@jest/globals';
import type { Attachment, Chat } from '@swe/domain';
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
  /** The files that a person gets there, oldest first. */
  files(destination: string): Promise<readonly Attachment[]>;
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

  async '`edit` replaces the words of a post; a post that is gone is `missing`'({
    chat,
    elsewhere,
    destinations: [here, there],
    seen,
  }) {
    await chat.post(here, 'before', 'key 1');
    const id = await chat.post(here, 'starting', 'key');
    await chat.post(here, 'after', 'key 2');
    await elsewhere.edit(here, id, 'started');
    expect(await seen(here)).toEqual(['before', 'started', 'after']);
    expect(await chat.find(here, 'key')).toBe(id);
    await expectFault(chat.edit(there, id, 'elsewhere'), 'missing');
    await expectFault(chat.edit(here, 'nowhere', 'gone'), 'missing');
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

  async '`attach` posts a file byte for byte with its words, and `find` finds it too'({
    chat,
    elsewhere,
    destinations: [here, there],
    seen,
    files,
  }) {
    const shot = { name: 'shot 1 (ü).png', bytes: Uint8Array.of(0x89, 0, 255, 13, 10) };
    const id = await chat.attach(here, shot, 'The **page** now', 'key');
    await chat.attach(here, { ...shot, bytes: Uint8Array.of(1) }, 'and then', 'other key');
    expect(await seen(here)).toEqual(['The **page** now', 'and then']);
    expect(await files(here)).toEqual([shot, { ...shot, bytes: Uint8Array.of(1) }]);
    expect(await files(there)).toEqual([]);
    expect(await elsewhere.find(here, 'key')).toBe(id);
  },

  async 'a file above `maxAttachmentBytes` is refused as `invalid`, its words with it'({
    chat,
    destinations: [here],
    seen,
  }) {
    const bytes = new Uint8Array(chat.maxAttachmentBytes + 1);
    await expectFault(chat.attach(here, { name: 'a', bytes }, 'words', 'key'), 'invalid');
    expect(await seen(here)).toEqual([]);
  },
} satisfies Contract<ChatSubject>;
