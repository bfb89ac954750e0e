import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { chatContract, expectFault, runContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { TerminalChat } from './terminal-chat';

let folder: string;
let posts = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-terminal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): TerminalChat =>
  new TerminalChat({
    folder: join(folder, 'threads'),
    clock: new ManualClock(),
    random: { fraction: () => 0, id: () => `post-${(posts += 1)}` },
  });

const NO_FILES = 'a terminal takes no files from people';
const waivers = {
  '`fetch` gives a file that a person sent byte for byte': NO_FILES,
  "a person's file above `maxAttachmentBytes` is not fetched but `invalid`": NO_FILES,
};

const openSubject = () => {
  const chat = open();
  const seen = async (destination: string) => (await chat.read(destination)).map(({ body }) => body);
  const files = async (destination: string) =>
    (await chat.read(destination))
      .filter(({ id }) => id.startsWith(folder))
      .map(({ id }) => ({ name: basename(id), bytes: new Uint8Array(readFileSync(id)) }));
  const destinations = ['terminal:1', 'terminal:2'] as const;
  const messages = ['terminal:1/a', 'terminal:1/b'] as const;
  const reactions = async (messageKey: string) => {
    const found = (await chat.readReactions(destinations[0])).get(messageKey);
    return found === undefined ? [] : [found];
  };
  const gone = { goneMessage: 'terminal:1/gone', goneFile: 'terminal:gone' };
  const people = { person: 'local:ada', messages, reactions, send: async () => 'no file', ...gone };
  return { subject: { chat, elsewhere: open(), destinations, seen, files, ...people } };
};
runContract('TerminalChat', chatContract, openSubject, waivers);

it('refuses a destination that is no terminal', async () => {
  await expect(open().post('slack:1', { body: 'Done.' }, 'reply-2')).rejects.toMatchObject({
    kind: 'invalid',
  });
  await expect(open().post('terminal:../x', { body: 'Done.' }, 'reply-3')).rejects.toMatchObject({
    kind: 'invalid',
  });
});

it('a post that was cut off by a kill is as good as none, and harms no other', async () => {
  const chat = open();
  await chat.post('terminal:1', { body: 'first' }, 'one');
  appendFileSync(join(folder, 'threads', '1.jsonl'), '\n{"id":"x","effectKey":"two","bo');
  expect(await chat.find('terminal:1', 'two')).toBeUndefined();
  await chat.post('terminal:1', { body: 'third' }, 'three');
  expect((await chat.read('terminal:1')).map(({ body }) => body)).toEqual(['first', 'third']);
});

const withFullDevice = existsSync('/dev/full') ? it : it.skip;
withFullDevice(
  'waits for a full disk to have room (skipped without /dev/full, which is always full)',
  async () => {
    mkdirSync(join(folder, 'threads'), { recursive: true });
    symlinkSync('/dev/full', join(folder, 'threads', 'full.jsonl'));
    const { message } = await expectFault(
      open().post('terminal:full', { body: 'Done.' }, 'reply-4'),
      'transient',
    );
    expect(message).toContain('full.jsonl is on a full disk. Free some space');
  },
);
