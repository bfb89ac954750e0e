import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import { isFault } from '@swe/domain';
import type { Fault, Reaction } from '@swe/domain';
import { chatContract, runContract } from '@swe/testing/contracts';
import { BOT, openLoopbackSlack, SlackRefusal, TEAM } from '@swe/testing/servers';
import type { LoopbackSlack, LoopbackSlackOptions, SlackPost } from '@swe/testing/servers';
import { SlackChat } from './slack-chat';

const PERSON = 'U0ADA';
const REACTIONS: Readonly<Record<string, Reaction>> = {
  eyes: 'seen',
  hourglass_flowing_sand: 'working',
  speech_balloon: 'waiting',
  white_check_mark: 'done',
  x: 'failed',
};

function chatOn(slack: LoopbackSlack, fetchFile = fetch): SlackChat {
  const client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
  const fileHosts = [new URL(slack.origin).host];
  return new SlackChat({ client: async () => client, fetch: fetchFile, fileHosts });
}

async function open(options?: LoopbackSlackOptions): Promise<LoopbackSlack> {
  const slack = await openLoopbackSlack(options);
  slack.world.addPerson(PERSON, 'Ada');
  slack.world.addChannel('C0GENERAL', 'general');
  slack.world.addChannel('C0OTHER', 'other');
  return slack;
}

const key = ({ channel, ts }: SlackPost) => `slack:${TEAM.id}/${channel}/${ts}`;

/** What the agent posted into a thread, without a mention's token being resolved. */
function shown(slack: LoopbackSlack, destination: string): readonly SlackPost[] {
  const [, channel, threadTs] = destination.split('/');
  return slack.world.posts.filter(
    (post) => post.channel === channel && post.threadTs === threadTs && post.user === BOT.userId,
  );
}

function wordsOf({ blocks = [], text }: SlackPost): string {
  const [words] = blocks as readonly { type: string; text?: unknown }[];
  return words?.type === 'markdown' ? String(words.text) : text;
}

runContract('SlackChat', chatContract, async () => {
  const slack = await open();
  const said = (channel: string, text: string, threadTs?: string) =>
    slack.people.say({ by: PERSON, channel, text, ...(threadTs !== undefined && { threadTs }) }).post;
  const root = said('C0GENERAL', 'Please.');
  const reply = said('C0GENERAL', 'And this.', root.ts);
  const messages = [key(root), key(reply)] as const;
  return {
    subject: {
      chat: chatOn(slack),
      elsewhere: chatOn(slack),
      destinations: [key(root), key(said('C0OTHER', 'Hello.'))] as const,
      seen: async (destination) =>
        shown(slack, destination)
          .filter(({ files }) => files.length === 0)
          .map(wordsOf),
      files: async (destination) =>
        shown(slack, destination)
          .flatMap(({ files }) => files)
          .flatMap((id) => slack.world.files.get(id) ?? [])
          .map(({ name, bytes = new Uint8Array() }) => ({ name, bytes: new Uint8Array(bytes) })),
      person: `slack:${TEAM.id}/${PERSON}`,
      messages,
      goneMessage: `slack:${TEAM.id}/C0GENERAL/1.000001`,
      reactions: async (messageKey) => {
        const [, channel = '', ts = ''] = messageKey.split('/');
        return [...slack.world.reactionsTo({ channel, ts })]
          .filter(([, users]) => users.includes(BOT.userId))
          .flatMap(([name]) => REACTIONS[name] ?? []);
      },
      send: async (bytes) => {
        const { id } = slack.world.addFile(PERSON, 'sent', bytes);
        slack.people.say({ by: PERSON, channel: 'C0GENERAL', text: '', files: [id] });
        return `slack:${TEAM.id}/${id}`;
      },
      goneFile: `slack:${TEAM.id}/F0GONE`,
    },
    close: () => slack.close(),
  };
});

describe('SlackChat', () => {
  let slack: LoopbackSlack;
  let here: string;
  async function openHere(options?: LoopbackSlackOptions): Promise<void> {
    slack = await open(options);
    here = key(slack.people.say({ by: PERSON, channel: 'C0GENERAL', text: 'Please.' }).post);
  }
  beforeEach(() => openHere());
  afterEach(() => slack.close());

  describe('what the agent is doing', () => {
    let direct: string;
    beforeEach(() => {
      slack.world.addChannel('D0ADA', 'ada', 'im');
      direct = key(slack.people.say({ by: PERSON, channel: 'D0ADA', text: 'Please.' }).post);
    });
    const panes = () => [...slack.world.panes.values()];

    it('is said beneath the thread of a direct message, until it rests or has answered', async () => {
      const chat = chatOn(slack);
      const id = await chat.post(direct, { body: 'Working', activity: 'is thinking...' }, 'status');
      expect(panes()).toEqual([{ status: 'is thinking...' }]);
      await chat.edit(direct, id, { body: 'Working', activity: 'is running bash' });
      expect(panes()).toEqual([{ status: 'is running bash' }]);
      await chat.post(direct, { body: 'The fare is fixed.' }, 'answer');
      expect(panes()).toEqual([{ status: '' }]);
      await chat.edit(direct, id, { body: 'Working', activity: 'is thinking...' });
      await chat.edit(direct, id, { body: 'Done', activity: '' });
      expect(panes()).toEqual([{ status: '' }]);
    });

    it('is said nowhere else', async () => {
      const post = { body: 'Working', activity: 'is thinking...' };
      await chatOn(slack).post(here, post, 'status');
      await chatOn(slack).post(`slack:${TEAM.id}/D0ADA`, post, 'status');
      expect(panes()).toEqual([]);
    });

    it.each(['channel_not_found', 'missing_scope', 'ratelimited', 'internal_error'])(
      'costs no post where Slack refuses it with %s',
      async (code) => {
        slack.before = ({ method }) =>
          method === 'assistant.threads.setStatus' ? new SlackRefusal(code) : undefined;
        const chat = chatOn(slack);
        const id = await chat.post(direct, { body: 'Working', activity: 'is thinking...' }, 'status');
        await chat.edit(direct, id, { body: 'Still working', activity: 'is thinking...' });
        expect(shown(slack, direct).map(wordsOf)).toEqual(['Still working']);
        expect(panes()).toEqual([]);
      },
    );
  });

  async function faultOf(work: Promise<unknown>): Promise<Fault> {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isFault(error)) throw new Error(`no fault but ${String(error)}`, { cause: error });
    return error;
  }
  const post = (body = 'Hello.') => chatOn(slack).post(here, { body }, 'key');

  it('knows nothing of the posts of another thread in the same channel', async () => {
    const there = key(slack.people.say({ by: PERSON, channel: 'C0GENERAL', text: 'Other.' }).post);
    await post();
    expect(await chatOn(slack).find(there, 'key')).toBeUndefined();
  });

  it('finds a post in a thread of several pages', async () => {
    for (let each = 0; each < 450; each += 1) {
      slack.world.add({ channel: 'C0GENERAL', user: PERSON, text: 'x', threadTs: here.split('/')[2]! });
    }
    const id = await post();
    expect(await chatOn(slack).find(here, 'key')).toBe(id);
  });

  it('finds what was posted although its answer was lost', async () => {
    slack.losesAnswerTo = ({ method }) => method === 'chat.postMessage';
    expect(await faultOf(post())).toMatchObject({ kind: 'transient' });
    const [posted] = shown(slack, here);
    expect(await chatOn(slack).find(here, 'key')).toBe(posted?.ts);
  });

  it('shows to one person alone what is for them', async () => {
    const onlyFor = `slack:${TEAM.id}/${PERSON}`;
    await chatOn(slack).post(here, { body: 'Psst.', onlyFor }, 'key');
    expect(slack.world.ephemerals).toMatchObject([{ user: PERSON, channel: 'C0GENERAL' }]);
    expect(shown(slack, here)).toEqual([]);
  });

  it('shows to nobody what is for somebody who is not in Slack', async () => {
    await chatOn(slack).post(here, { body: 'Psst.', onlyFor: 'github:eve' }, 'key');
    expect(slack.world.ephemerals).toEqual([]);
    expect(shown(slack, here)).toEqual([]);
  });

  it('keeps a person’s own reactions', async () => {
    const [, channel = '', ts = ''] = here.split('/');
    slack.world.reactionsTo({ channel, ts }).set('eyes', [PERSON]);
    const chat = chatOn(slack);
    await chat.react(here, here, 'seen');
    await chat.react(here, here, 'done');
    expect([...slack.world.reactionsTo({ channel, ts })]).toEqual([
      ['eyes', [PERSON]],
      ['white_check_mark', [BOT.userId]],
    ]);
  });

  it('tells commands of the agent’s own from choices that the model wrote', async () => {
    await chatOn(slack).post(here, { body: 'More?', commands: ['budget 20'], choices: ['budget 99'] }, 'key');
    const buttons = shown(slack, here)[0]?.blocks?.[1] as { elements: readonly object[] } | undefined;
    expect(buttons?.elements).toMatchObject([
      { action_id: 'swe_command_1', value: 'budget 20' },
      { action_id: 'swe_choice_1', value: 'budget 99' },
    ]);
  });

  it('takes 25 choices, however long', async () => {
    const choices = Array.from({ length: 30 }, (_, index) => `${index} ${'wörds 👩‍👩‍👧 '.repeat(300)}`);
    await chatOn(slack).post(here, { body: 'Which?', choices }, 'key');
    expect(shown(slack, here)).toHaveLength(1);
  });

  it('offers no choice without words', async () => {
    await chatOn(slack).post(here, { body: 'Which?', choices: ['', ' '] }, 'key');
    expect(shown(slack, here)[0]?.blocks).toHaveLength(1);
  });

  it('posts a body as long as may be, with a mention and choices', async () => {
    const chat = chatOn(slack);
    const body = '# a\n\n'.repeat(chat.maxBodyLength / 5);
    const beside = { mention: `slack:${TEAM.id}/${PERSON}`, choices: ['Yes'] };
    await chat.post(here, { body, ...beside }, 'key');
    expect(shown(slack, here)).toHaveLength(1);
  });

  it.each<[string, () => void, Partial<Fault>, RegExp]>([
    [
      'whose token was revoked',
      () => void (slack.tokens = 'token_revoked'),
      { kind: 'transient' },
      /bot token/,
    ],
    [
      'in an archived channel',
      () => void (slack.world.channels.get('C0GENERAL')!.isArchived = true),
      { kind: 'denied' },
      /archived/,
    ],
    [
      'in a channel that the app is not in',
      () => void slack.world.channels.get('C0GENERAL')!.members.delete(BOT.userId),
      { kind: 'denied' },
      /invite/,
    ],
    [
      'in no channel',
      () => void slack.world.channels.delete('C0GENERAL'),
      { kind: 'missing' },
      /no such channel/,
    ],
    [
      'while Slack is down',
      () => void (slack.before = () => new SlackRefusal('', { status: 503 })),
      { kind: 'transient' },
      /503/,
    ],
    [
      'that Slack finds invalid',
      () => void (slack.before = () => new SlackRefusal('msg_blocks_too_long')),
      { kind: 'invalid' },
      /msg_blocks_too_long/,
    ],
    [
      'that comes too fast',
      () => void (slack.before = () => new SlackRefusal('ratelimited', { retryAfterSeconds: 30 })),
      { kind: 'throttled', retryAfterMs: 30_000 },
      /too many/,
    ],
  ])('says what mends a post %s', async (_name, breakIt, fault, words) => {
    breakIt();
    const refused = await faultOf(post());
    expect(refused).toMatchObject(fault);
    expect(refused.message).toMatch(words);
    expect(refused.message).not.toContain(slack.botToken);
  });

  it('waits as long as Slack says after a second post in the same second', async () => {
    slack.postingLimit = 'one a second';
    await post();
    expect(await faultOf(post())).toMatchObject({ kind: 'throttled', retryAfterMs: 1_000 });
  });

  it('posts nothing above 12,000 characters', async () => {
    expect(await faultOf(post('x'.repeat(12_001)))).toMatchObject({ kind: 'invalid' });
    expect(slack.calls).toEqual([]);
  });

  it.each([
    ['a post', 'chat:write', () => post()],
    ['a look-up', 'channels:history', () => chatOn(slack).find(here, 'key')],
    ['a reaction', 'reactions:read', () => chatOn(slack).react(here, here, 'seen')],
    [
      'a file',
      'files:write',
      () => chatOn(slack).attach(here, { name: 'a', bytes: Uint8Array.of(1) }, { body: 'x' }, 'key'),
    ],
  ])('names the scope that %s lacks', async (_name, scope, work) => {
    await slack.close();
    await openHere({ scopes: ['users:read'] });
    expect(await faultOf(work())).toMatchObject({
      kind: 'transient',
      message: expect.stringContaining(`missing_scope (${scope})`),
    });
  });

  describe('a person’s file', () => {
    const sent = (bytes = Uint8Array.of(1)) => {
      const { id } = slack.world.addFile(PERSON, 'a.txt', bytes);
      slack.people.say({ by: PERSON, channel: 'C0GENERAL', text: '', files: [id] });
      return id;
    };
    const fetched = (id: string) => chatOn(slack).fetch(`slack:${TEAM.id}/${id}`);

    it('that is deleted is missing, and so is one whose bytes are gone', async () => {
      const id = sent();
      const file = slack.world.files.get(id)!;
      slack.world.setFile({ ...file, bytes: undefined });
      expect(await faultOf(fetched(id))).toMatchObject({ kind: 'missing' });
      slack.world.setFile({ ...file, isDeleted: true });
      expect(await faultOf(fetched(id))).toMatchObject({ kind: 'missing' });
    });

    it('for which the token is no longer good is denied instead of a login page', async () => {
      const id = `slack:${TEAM.id}/${sent()}`;
      const late: typeof fetch = async (...args) => {
        slack.tokens = 'token_revoked';
        return fetch(...args);
      };
      expect(await faultOf(chatOn(slack, late).fetch(id))).toMatchObject({ kind: 'denied' });
    });

    it('that lies on a host of somebody else gets no token', async () => {
      const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
      const asked: unknown[] = [];
      const spying: typeof fetch = async (...args) => {
        asked.push(args);
        return fetch(...args);
      };
      const chat = new SlackChat({ client: async () => client, fetch: spying });
      expect(await faultOf(chat.fetch(`slack:${TEAM.id}/${sent()}`))).toMatchObject({ kind: 'denied' });
      expect(asked).toEqual([]);
    });
  });
});
