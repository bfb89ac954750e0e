import { expect } from '@jest/globals';
import type { Attachment, Chat, Reaction } from '@swe/domain';
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
  /** A requester whom the chat knows. */
  readonly person: string;
  /** Two messages of people in the first thread, and one that is gone. */
  readonly messages: readonly [string, string];
  readonly goneMessage: string;
  /** The agent's reactions that a person sees on one of `messages`. */
  reactions(messageKey: string): Promise<readonly Reaction[]>;
  /** Has a person send a file, and gives its `ref`. */
  send(bytes: Uint8Array): Promise<string>;
  /** The `ref` of no file, or of one that is gone. */
  readonly goneFile: string;
}

export const chatContract = {
  async '`post` never dedupes: twice called, twice seen'({ chat, destinations: [here], seen }) {
    const first = await chat.post(here, { body: 'Done: **3** files.' }, 'key');
    const second = await chat.post(here, { body: 'Done: **3** files.' }, 'key');
    expect(second).not.toBe(first);
    expect(await seen(here)).toEqual(['Done: **3** files.', 'Done: **3** files.']);
  },

  async '`find` finds by effect key what was posted before, also by another process'({
    chat,
    elsewhere,
    destinations: [here],
  }) {
    expect(await elsewhere.find(here, 'key')).toBeUndefined();
    await chat.post(here, { body: 'something else' }, 'other key');
    const id = await chat.post(here, { body: 'first line\nsecond line' }, 'key');
    expect(await chat.find(here, 'key')).toBe(id);
    expect(await elsewhere.find(here, 'key')).toBe(id);
    expect(await elsewhere.find(here, 'ke')).toBeUndefined();
  },

  async "`find` knows nothing of another destination's posts"({ chat, destinations: [here, there] }) {
    await chat.post(there, { body: 'body' }, 'key');
    expect(await chat.find(here, 'key')).toBeUndefined();
    const id = await chat.post(here, { body: 'body' }, 'key');
    expect(await chat.find(here, 'key')).toBe(id);
  },

  async '`edit` replaces the words of a post; a post that is gone is `missing`'({
    chat,
    elsewhere,
    destinations: [here, there],
    seen,
  }) {
    await chat.post(here, { body: 'before' }, 'key 1');
    const id = await chat.post(here, { body: 'starting' }, 'key');
    await chat.post(here, { body: 'after' }, 'key 2');
    await elsewhere.edit(here, id, { body: 'started' });
    expect(await seen(here)).toEqual(['before', 'started', 'after']);
    expect(await chat.find(here, 'key')).toBe(id);
    await expectFault(chat.edit(there, id, { body: 'elsewhere' }), 'missing');
    await expectFault(chat.edit(here, 'nowhere', { body: 'gone' }), 'missing');
  },

  async 'a body above `maxBodyLength` is refused as `invalid`, never cut'({
    chat,
    destinations: [here],
    seen,
  }) {
    const longest = 'é'.repeat(chat.maxBodyLength);
    await expectFault(chat.post(here, { body: `${longest}!` }, 'too long'), 'invalid');
    expect(await seen(here)).toEqual([]);
    await chat.post(here, { body: longest }, 'longest');
    expect(await seen(here)).toEqual([longest]);
  },

  async 'a post that mentions somebody and offers choices is found and edited as any other'({
    chat,
    elsewhere,
    destinations: [here],
    seen,
    person,
  }) {
    const beside = { mention: person, choices: ['Yes, *all* of it', 'No'], commands: ['budget 20'] };
    const id = await chat.post(here, { body: 'Shall I go on?', ...beside }, 'key');
    await chat.post(here, { body: 'Hello.', mention: 'nobody:we/know' }, 'other key');
    const [question, hello] = await seen(here);
    expect(question).toContain('Shall I go on?');
    expect(hello).toContain('Hello.');
    expect(await elsewhere.find(here, 'key')).toBe(id);
    await elsewhere.edit(here, id, { body: 'I went on.', mention: person });
    const [edited, ...others] = await seen(here);
    expect(edited).toContain('I went on.');
    expect(edited).not.toContain('Shall I');
    expect(others).toEqual([hello]);
  },

  async 'a post that says what the agent is doing is found and edited as any other'({
    chat,
    elsewhere,
    destinations: [here],
    seen,
  }) {
    const id = await chat.post(here, { body: 'I look into it.', activity: 'is thinking...' }, 'key');
    expect(await elsewhere.find(here, 'key')).toBe(id);
    await elsewhere.edit(here, id, { body: 'I am done.', activity: '' });
    const [edited, ...others] = await seen(here);
    expect(edited).toContain('I am done.');
    expect(edited).not.toContain('is thinking');
    expect(others).toEqual([]);
  },

  async '`attach` posts a file byte for byte with its words, and `find` finds it too'({
    chat,
    elsewhere,
    destinations: [here, there],
    seen,
    files,
  }) {
    const shot = { name: 'shot 1 (ü).png', bytes: Uint8Array.of(0x89, 0, 255, 13, 10) };
    const id = await chat.attach(here, shot, { body: 'The **page** now' }, 'key');
    await chat.attach(here, { ...shot, bytes: Uint8Array.of(1) }, { body: 'and then' }, 'other key');
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
    await expectFault(chat.attach(here, { name: 'a', bytes }, { body: 'words' }, 'key'), 'invalid');
    expect(await seen(here)).toEqual([]);
  },

  async '`react` shows one reaction on a message, the last one, and is no post; a message that is gone is no failure'({
    chat,
    elsewhere,
    destinations: [here],
    messages: [message, other],
    goneMessage,
    reactions,
    seen,
  }) {
    await chat.react(here, message, 'seen');
    await chat.react(here, other, 'seen');
    await elsewhere.react(here, message, 'working');
    await elsewhere.react(here, message, 'working');
    expect(await reactions(message)).toEqual(['working']);
    await chat.react(here, message, 'done');
    expect(await reactions(message)).toEqual(['done']);
    expect(await reactions(other)).toEqual(['seen']);
    await chat.react(here, goneMessage, 'failed');
    expect(await seen(here)).toEqual([]);
  },

  async '`fetch` gives a file that a person sent byte for byte'({ chat, elsewhere, send }) {
    const bytes = Uint8Array.of(0x89, 0, 255, 13, 10);
    const file = await send(bytes);
    const other = await send(Uint8Array.of(1));
    expect(await chat.fetch(file)).toEqual(bytes);
    expect(await elsewhere.fetch(other)).toEqual(Uint8Array.of(1));
  },

  async 'a file that is not there to be fetched is `missing`'({ chat, goneFile }) {
    await expectFault(chat.fetch(goneFile), 'missing');
  },

  async "a person's file above `maxAttachmentBytes` is not fetched but `invalid`"({ chat, send }) {
    const file = await send(new Uint8Array(chat.maxAttachmentBytes + 1));
    await expectFault(chat.fetch(file), 'invalid');
  },
} satisfies Contract<ChatSubject>;
