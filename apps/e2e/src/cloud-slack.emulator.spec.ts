import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BOT, lastResults, readConversation, TEAM, wordsOfUser } from '@swe/testing/servers';
import type { LoopbackScript, SlackPost } from '@swe/testing/servers';
import { ADA, BOB, CHANNEL, openCloud } from './cloud/cloud';
import type { Cloud } from './cloud/cloud';
import { bash, call, played } from './scripted-model';
import type { Conversation } from './scripted-model';

jest.setTimeout(300_000);

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** More looks than it takes anything to arrive. */
const MOST_LOOKS = 100;

let folder: string;
let cloud: Cloud | undefined;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-cloud-')));
});
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function open(model: LoopbackScript): Promise<Cloud> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  cloud = await openCloud({ folder, path, model });
  return cloud;
}

const posted = (of: Cloud, words: string): Promise<SlackPost> =>
  of.until(`"${words}"`, async () => of.said().find(({ text }) => text.includes(words)));

/** A compressed archive of one file. */
function archiveOf(name: string, content: string): Uint8Array {
  writeFileSync(join(folder, name), content);
  return execFileSync('tar', ['-cz', '-C', folder, name]);
}

describe('a thread of Slack with the built apps on loopback AWS', () => {
  it('has files looked at, people heard, a question clicked, and a command stopped', async () => {
    let first: Conversation = [];
    const model = played(async function* (given) {
      first = given;
      const reply = of.write('Make it blue.', { by: BOB });
      await reply.told;
      let heard: readonly string[] = [];
      for (let looks = 0; !heard.includes('Make it blue.'); looks += 1) {
        if (looks > MOST_LOOKS) throw new Error('the reply did not arrive');
        heard = wordsOfUser(yield { calls: [bash(`sleep 0.1 # look ${looks}`)] });
      }
      await of.slack.people.edit(reply.post, 'Make it green.').told;
      for (let looks = 0; !heard.some((each) => each.includes('green')); looks += 1) {
        if (looks > MOST_LOOKS) throw new Error('the edit did not arrive');
        heard = wordsOfUser(yield { calls: [bash(`sleep 0.1 # look ${looks}`)] });
      }
      const asked = { question: 'Which green?', choices: ['Mint', 'Moss'] };
      const answer = wordsOfUser(yield { calls: [call('ask_user', asked)] });
      const stopped = yield { calls: [bash(`echo ${answer.at(-1)} | tee chosen; sleep 641 & sleep 641`)] };
      said = wordsOfUser(stopped);
      yield { say: `Then: ${said.at(-1)}` };
    });
    let said: readonly string[] = [];
    const of = await open(model);
    const { world, people } = of.slack;
    const image = world.addFile(ADA, 'shot.png', Buffer.from(PIXEL, 'base64'), 'image/png');
    const gone = world.addFile(ADA, 'gone.zip', Uint8Array.of(1), 'application/zip');
    world.setFile({ ...gone, bytes: undefined });
    const sessionId = await of.say('What is wrong here?', { files: [image.id, gone.id] });

    const question = await posted(of, 'Which green?');
    expect(first).toContainEqual(expect.objectContaining({ kind: 'image', mediaType: 'image/png' }));
    await posted(of, "I can't take the file gone.zip");
    await people.click({ by: ADA, post: question, actionId: 'swe_choice_2' });

    const running = (): string => execFileSync('sh', ['-c', 'pgrep -f "^sleep 641$" || :']).toString();
    await of.until('the command', async () => (running().trim().split('\n').length === 2 ? true : undefined));
    await of.say('stop');
    await posted(of, 'Stopped.');
    await of.until('its end', async () => (running() === '' ? true : undefined));
    await of.say('Go on.');
    await posted(of, 'Then: Go on.');

    expect(said.filter((words) => !(words.startsWith('[harness]') && words.includes('file')))).toEqual([
      'What is wrong here?',
      expect.stringContaining('shot.png'),
      `[harness] Bob (slack:${TEAM.id}/${BOB}) writes:`,
      'Make it blue.',
      `[harness] Bob (slack:${TEAM.id}/${BOB}) writes:`,
      'I edited my message: Make it green.',
      `[harness] Ada (slack:${TEAM.id}/${ADA}) writes:`,
      'Moss',
      expect.stringContaining('[harness] The person stopped the work here.'),
      `[harness] Ada (slack:${TEAM.id}/${ADA}) writes:`,
      'Go on.',
    ]);
    const messages = await of.outcomes(sessionId);
    expect(messages.map(({ outcome }) => outcome?.kind)).toEqual([
      ...['answered', 'answered', 'answered', 'stopped', 'command-result', 'answered'],
    ]);
  });

  it('keeps what was sent when EC2 takes the machine away, though it is deleted in Slack', async () => {
    let hangs = true;
    const reached = Promise.withResolvers<void>();
    const of = await open((request) => {
      if (hangs) {
        hangs = false;
        reached.resolve();
        return { say: 'Let me see', ending: 'hang' };
      }
      const [result] = lastResults(readConversation(request));
      if (result === undefined) return { calls: [bash('tar -xzOf attachments/logs.tar.gz fare.log')] };
      return { say: `The log says ${result}` };
    });
    const { world } = of.slack;
    const archive = world.addFile(ADA, 'logs.tar.gz', archiveOf('fare.log', 'km * 3'), 'application/gzip');
    await of.say('Unpack this.', { files: [archive.id] });
    await reached.promise;
    world.setFile({ ...archive, bytes: undefined });
    await of.instances.interrupt();
    await posted(of, 'km * 3');
    expect(of.ec2.world.instances.map(({ state }) => state)).toEqual(['terminated', 'running']);
  });
});

describe('an answer that Slack does not take', () => {
  /** The bot's words arrive once the model's answer was refused, or is to be tried again. */
  async function answerInTrouble(
    makeTrouble: (of: Cloud) => void,
  ): Promise<{ of: Cloud; sessionId: string }> {
    let isFirst = true;
    const of = await open(() => {
      if (isFirst) makeTrouble(of);
      else return { say: 'The second answer.' };
      isFirst = false;
      return { say: 'The first answer.' };
    });
    return { of, sessionId: await of.say('Speak.') };
  }
  const logged = (of: Cloud, event: string, reason: string): Promise<true> =>
    of.until(`${event}: ${reason}`, async () =>
      of.instances.log.split('\n').some((line) => line.includes(event) && line.includes(reason))
        ? true
        : undefined,
    );

  it('because the token was revoked is posted once there is a good one, and the log says what mends it', async () => {
    const { of, sessionId } = await answerInTrouble(({ slack }) => void (slack.tokens = 'token_revoked'));
    await logged(of, 'post.delayed', 'install the app again and store its new bot token');
    expect((await of.outcomes(sessionId)).map(({ outcome }) => outcome?.kind)).toEqual(['answered']);
    of.slack.tokens = 'valid';
    await posted(of, 'The first answer.');
    await of.say('Again.');
    await posted(of, 'The second answer.');
    expect(of.said().filter(({ text }) => text.includes('The first answer.'))).toHaveLength(1);
  });

  it.each([
    ['because the channel is archived', 'unarchive it', setArchived],
    ['because the bot was removed from the channel', '/invite', setRemoved],
  ])('%s is refused, told in the log, and keeps nothing from being said later', async (_why, mend, set) => {
    const { of, sessionId } = await answerInTrouble((each) => set(each, true));
    await logged(of, 'post.refused', mend);
    expect(of.said().filter(({ text }) => text.includes('The first answer.'))).toEqual([]);
    expect((await of.outcomes(sessionId)).map(({ outcome }) => outcome?.kind)).toEqual(['answered']);
    set(of, false);
    await of.say('Again.');
    await posted(of, 'The second answer.');
    await of.until('an end', async () => (await of.session(sessionId)).status === 'waiting' || undefined);
  });
});

function setArchived({ slack }: Cloud, is: boolean): void {
  const channel = slack.world.channels.get(CHANNEL);
  if (channel !== undefined) channel.isArchived = is;
}

function setRemoved({ slack }: Cloud, is: boolean): void {
  const members = slack.world.channels.get(CHANNEL)?.members;
  if (is) members?.delete(BOT.userId);
  else members?.add(BOT.userId);
}
