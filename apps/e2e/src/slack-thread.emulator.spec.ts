import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lastResults, openLoopbackOpenAi, TEAM, wordsOfUser } from '@swe/testing/servers';
import type { LoopbackServer, LoopbackTurn, SlackPost } from '@swe/testing/servers';
import { z } from 'zod';
import { bash, call, played } from './scripted-model';
import type { Conversation, ModelScript } from './scripted-model';
import { ADA, BOB, CHANNEL, openSlackTwin, until } from './slack-twin';
import type { SlackTwin } from './slack-twin';

/** More looks than it takes anything to arrive: without it a script that waits in vain would not end. */
const MOST_LOOKS = 100;
const DONE = 'white_check_mark';

let twin: SlackTwin;
let model: LoopbackServer;
let answer = played(function* () {});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

/** Has the model follow `script` from its next request on. */
function follow(script: ModelScript): void {
  answer = played(script);
}

/** Steps of a turn, one after the other, until the person's words are in front of the model. */
async function* lookUntil(words: RegExp | string): AsyncGenerator<LoopbackTurn, Conversation, Conversation> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    // Who does the very same again and again is told that they go round in circles.
    const conversation = yield { calls: [bash(`sleep 0.1 # look ${looks}`)] };
    if (wordsOfUser(conversation).some((each) => each.match(words))) return conversation;
  }
  throw new Error(`nobody said ${words}`);
}

const say = (text: string, root: SlackPost, by = ADA) =>
  twin.slack.people.say({ by, channel: CHANNEL, text, threadTs: root.ts });

/** Waits until the thread's messages have these outcomes, and no other message is there. */
async function settled(root: SlackPost, ...wanted: readonly string[]): Promise<void> {
  const outcomes = await until('the outcomes', async () => {
    const kinds = (await twin.inbox(root)).map(({ outcome }) => outcome?.kind);
    return kinds.length >= wanted.length && !kinds.includes(undefined) ? kinds : undefined;
  });
  expect(outcomes).toEqual(wanted);
}

const questionBlocks = z.tuple([
  z.unknown(),
  z.object({ elements: z.array(z.object({ action_id: z.string(), text: z.object({ text: z.string() }) })) }),
]);

function buttonOf({ blocks }: SlackPost, words: string): string {
  const [, { elements }] = questionBlocks.parse(blocks);
  return elements.find(({ text }) => text.text === words)?.action_id ?? '';
}

/** A compressed archive of one file. */
function archiveOf(name: string, content: string): Uint8Array {
  const root = twin.machine.makeRepository('logs', { [name]: content });
  return execFileSync('tar', ['-cz', '-C', root, name]);
}

onLinux(
  'in a thread of Slack with the built twin (Linux, where processes are found by their environment)',
  () => {
    beforeAll(async () => {
      twin = await openSlackTwin();
      model = await openLoopbackOpenAi((request) => answer(request));
      await twin.up({ SWE_MODEL: 'openai-compatible/loopback', SWE_MODEL_BASE_URL: model.url });
    });
    afterAll(async () => {
      await twin.close();
      await model.close();
    });

    it('a reply joins the turn that is under way, and both get its one answer', async () => {
      follow(async function* () {
        reply = say('Call it Vera, please.', root).post;
        const conversation = yield* lookUntil('Vera');
        const name = /Call it (\w+)/.exec(wordsOfUser(conversation).at(-1) ?? '')?.[1];
        yield { say: `Named ${name}.` };
      });
      let reply: SlackPost | undefined;
      const root = twin.mention('make a library');
      await twin.posted(root, 'Named Vera.');
      expect(await twin.marked(root, DONE)).toBe(DONE);
      expect(await twin.marked(reply!, DONE)).toBe(DONE);
      const messages = await twin.inbox(root);
      expect(messages.map(({ body }) => body)).toEqual([
        { kind: 'text', text: 'make a library' },
        { kind: 'text', text: 'Call it Vera, please.' },
      ]);
      const [first, second] = messages.map(({ outcome }) => outcome);
      expect(first).toMatchObject({ kind: 'answered' });
      expect(second).toEqual(first);
      expect(twin.posts(root).filter(({ text }) => text.includes('Vera'))).toHaveLength(1);
    });

    it('`stop` ends a command with all its processes and is told, and the next message goes on', async () => {
      follow(async function* () {
        const conversation = yield {
          calls: [bash('sleep 631 & (sleep 631; true) & sleep 631', { timeout_seconds: 700 })],
        };
        yield { say: `I read: ${wordsOfUser(conversation).at(-1)}` };
      });
      const root = twin.mention('wait');
      const running = () => twin.processes('sleep 631').length;
      await until('three processes', () => (running() >= 3 ? true : undefined));
      twin.mention('stop', root.ts);
      await twin.posted(root, 'Stopped.');
      await until('their end', () => (running() === 0 ? true : undefined));
      await settled(root, 'stopped', 'command-result');

      twin.mention('go on', root.ts);
      await twin.posted(root, 'I read: go on');
      await settled(root, 'stopped', 'command-result', 'answered');
    });

    it('a question has buttons, and who clicks one answers it', async () => {
      follow(function* () {
        const conversation = yield {
          calls: [call('ask_user', { question: 'Which database?', choices: ['SQLite', 'Postgres'] })],
        };
        yield { say: `It will be ${wordsOfUser(conversation).at(-1)}.` };
      });
      const root = twin.mention('store it');
      const question = await twin.posted(root, 'Which database?');
      await twin.marked(root, 'speech_balloon');
      const postgres = buttonOf(question, 'Postgres');
      await twin.slack.people.click({ by: BOB, post: question, actionId: postgres });
      await twin.posted(root, 'It will be Postgres.');
      await settled(root, 'answered', 'answered');
      const requesters = (await twin.inbox(root)).map(({ requester }) => requester);
      expect(requesters).toEqual([ADA, BOB].map((person) => `slack:${TEAM.id}/${person}`));
    });

    it('files are read or lie in the workspace, and one that is gone is refused where it was sent', async () => {
      const { world } = twin.slack;
      const text = world.addFile(ADA, 'plan.txt', Buffer.from('Grüße: charge four.'), 'text/plain');
      const archive = world.addFile(ADA, 'logs.tar.gz', archiveOf('fare.log', 'km * 3'), 'application/gzip');
      const gone = world.addFile(ADA, 'secret.pdf', Uint8Array.of(1), 'application/pdf');
      world.setFile({ ...gone, bytes: undefined });
      let shown: readonly string[] = [];
      follow(function* (first) {
        shown = wordsOfUser(first);
        const conversation = yield { calls: [bash('tar -xzOf attachments/logs.tar.gz fare.log')] };
        yield { say: `The log says ${lastResults(conversation)[0]?.includes('km * 3')}.` };
      });
      const root = twin.mention('look at these', undefined, { files: [text.id, archive.id, gone.id] });
      await twin.posted(root, 'The log says true.');
      expect(shown.join('\n')).toContain('Grüße: charge four.');
      await twin.posted(root, "I can't take the file secret.pdf");
      expect(shown.join('\n')).toContain("[harness] I can't take the file secret.pdf");
    });

    it('people are told apart', async () => {
      follow(async function* () {
        say('And me a blue one.', root, BOB);
        const conversation = yield* lookUntil('blue');
        yield {
          say: `Heard ${wordsOfUser(conversation)
            .filter((each) => each.includes('[harness]'))
            .join()}`,
        };
      });
      const root = twin.mention('make me a red one');
      await twin.posted(root, `Heard [harness] Bob (slack:${TEAM.id}/${BOB}) writes:`);
    });

    it('an edit of what the model has read is one note, and one of what it has not read is none', async () => {
      let last: Conversation = [];
      follow(async function* () {
        const reply = say('It costs five.', root).post;
        yield* lookUntil('five');
        twin.slack.people.edit(reply, 'It costs six.');
        last = yield* lookUntil('six');
        yield { say: 'Six it is.' };
      });
      const root = twin.mention('what does it cost?');
      await twin.posted(root, 'Six it is.');
      await twin.marked(root, DONE);
      expect(wordsOfUser(last).filter((each) => each.includes('It costs'))).toEqual([
        'It costs five.',
        'I edited my message: It costs six.',
      ]);
      await settled(root, 'answered', 'answered', 'answered');
    });

    it('what is edited or deleted before the model reads it was never said', async () => {
      let last: Conversation = [];
      follow(async function* () {
        // The agent reads no message while it waits for the model.
        const first = say('Paint it red.', root);
        const second = say('Paint it twice.', root);
        await first.told;
        await second.told;
        await twin.slack.people.edit(first.post, 'Paint it blue.').told;
        await twin.slack.people.delete(second.post).told;
        last = yield* lookUntil('blue');
        yield { say: 'Painted.' };
      });
      const root = twin.mention('paint');
      await twin.posted(root, 'Painted.');
      await twin.marked(root, DONE);
      expect(wordsOfUser(last).filter((each) => each.includes('Paint'))).toEqual(['Paint it blue.']);
      await settled(root, 'answered', 'answered', 'cancelled');
    });
  },
);
