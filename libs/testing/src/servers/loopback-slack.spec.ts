import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { ManualClock } from '../memory/manual-clock';
import { openLoopbackSlack } from './loopback-slack';
import type { LoopbackSlack, LoopbackSlackOptions } from './loopback-slack';
import { signature } from './slack-deliveries';
import { SlackRefusal } from './slack-refusal';
import { BOT, TEAM } from './slack-world';

let slack: LoopbackSlack;
const clock = new ManualClock(1_531_420_618_000);

async function open(options: LoopbackSlackOptions = {}): Promise<void> {
  slack = await openLoopbackSlack({ clock, ...options });
  slack.world.addPerson('U061F7AUR', 'Ada');
  slack.world.addChannel('C123ABC456', 'general');
}
beforeEach(() => open());
afterEach(() => slack.close());

interface Answered {
  readonly ok: boolean;
  readonly error?: string;
  readonly [name: string]: unknown;
}

/** As `@slack/web-api` sends it: a form whose objects are JSON. */
async function call(
  method: string,
  args: Record<string, unknown> = {},
  token = slack.botToken,
): Promise<Answered> {
  const given = Object.entries(args).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  const headers = { authorization: `Bearer ${token}` };
  const body = new URLSearchParams(Object.fromEntries(given));
  const response = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', headers, body });
  return (await response.json()) as Answered;
}

const HERE = { channel: 'C123ABC456' };
const post = (args: Record<string, unknown>) => call('chat.postMessage', { ...HERE, text: 'Hello', ...args });

describe('the Web API', () => {
  it('posts as https://docs.slack.dev/reference/methods/chat.postMessage shows, from a form or JSON', async () => {
    const first = await post({ text: "Here's a message for you" });
    expect(first).toMatchObject({
      ok: true,
      channel: 'C123ABC456',
      ts: '1531420618.000000',
      message: { type: 'message', text: "Here's a message for you", bot_id: BOT.botId, ts: first['ts'] },
    });
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${slack.botToken}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify({ ...HERE, text: 'Grüße', thread_ts: first['ts'] }),
    });
    expect(await response.json()).toMatchObject({
      ok: true,
      ts: '1531420618.000001',
      message: { text: 'Grüße', thread_ts: first['ts'], parent_user_id: BOT.userId },
    });
  });

  it('gives a thread in pages as https://docs.slack.dev/reference/methods/conversations.replies shows', async () => {
    const { ts } = await post({ text: 'island' });
    const metadata = { event_type: 'swe_post', event_payload: { effect_key: 'k' } };
    await post({ text: 'one island', thread_ts: ts, metadata });
    await post({ text: 'two island', thread_ts: ts });
    await post({ text: 'another thread' });
    const first = await call('conversations.replies', { ...HERE, ts, limit: 2 });
    expect(first).toMatchObject({
      has_more: true,
      messages: [
        { text: 'island', thread_ts: ts, reply_count: 2 },
        { text: 'one island', thread_ts: ts, metadata: { event_type: 'swe_post' } },
      ],
      response_metadata: { next_cursor: Buffer.from('next_ts:1531420618000002').toString('base64') },
    });
    expect(JSON.stringify(first)).not.toContain('effect_key');
    const { next_cursor: cursor } = first['response_metadata'] as { next_cursor: string };
    const rest = await call('conversations.replies', { ...HERE, ts, cursor });
    expect(rest).toMatchObject({ has_more: false, messages: [{ text: 'two island' }] });
    const whole = await call('conversations.replies', { ...HERE, ts, include_all_metadata: true });
    expect(whole).toMatchObject({ messages: [{}, { metadata }, {}] });
    expect(await call('conversations.replies', { ...HERE, ts: '1.0' })).toMatchObject({
      error: 'thread_not_found',
    });
    const history = await call('conversations.history', HERE);
    expect(history).toMatchObject({ messages: [{ text: 'another thread' }, { text: 'island' }] });
  });

  it('updates as https://docs.slack.dev/reference/methods/chat.update says', async () => {
    const metadata = { event_type: 'swe_post', event_payload: { effect_key: 'k' } };
    const { ts } = await post({ blocks: [{ type: 'markdown', text: 'before' }], metadata });
    const updated = await call('chat.update', { ...HERE, ts, text: 'after' });
    expect(updated).toMatchObject({
      ok: true,
      text: 'after',
      message: { text: 'after', metadata, edited: { user: BOT.userId } },
    });
    expect(updated['message']).not.toHaveProperty('blocks');
    const theirs = slack.people.say({ by: 'U061F7AUR', channel: 'C123ABC456', text: 'Mine' }).post;
    expect(await call('chat.update', { ...HERE, ts: theirs.ts, text: 'Ours' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call('chat.update', { ...HERE, ts: '1.0', text: 'x' })).toMatchObject({
      error: 'message_not_found',
    });
    const longer = { ...HERE, ts, text: 'x'.repeat(4_001) };
    expect(await call('chat.update', longer)).toMatchObject({ error: 'msg_too_long' });
    await call('chat.delete', { ...HERE, ts });
    expect(await call('chat.delete', { ...HERE, ts })).toMatchObject({ error: 'message_not_found' });
  });

  it('shows a message to one person alone', async () => {
    const words = { ...HERE, user: 'U061F7AUR', text: 'Psst' };
    expect(await call('chat.postEphemeral', words)).toMatchObject({
      ok: true,
      message_ts: '1531420618.000000',
    });
    expect(slack.world.ephemerals).toMatchObject([{ user: 'U061F7AUR', text: 'Psst' }]);
    expect(await call('chat.postEphemeral', { ...words, user: 'U9' })).toMatchObject({
      error: 'user_not_in_channel',
    });
  });

  it('reacts once with each emoji', async () => {
    const { ts: timestamp } = await post({});
    const eyes = { ...HERE, timestamp, name: 'eyes' };
    expect(await call('reactions.add', eyes)).toEqual({ ok: true });
    expect(await call('reactions.add', eyes)).toEqual({ ok: false, error: 'already_reacted' });
    expect(await call('reactions.get', { ...HERE, timestamp })).toMatchObject({
      message: { reactions: [{ name: 'eyes', users: [BOT.userId], count: 1 }] },
    });
    expect(await call('reactions.remove', eyes)).toEqual({ ok: true });
    expect(await call('reactions.remove', eyes)).toEqual({ ok: false, error: 'no_reaction' });
  });

  it('takes a file in three steps and gives it back to its token only', async () => {
    const bytes = Uint8Array.of(0x89, 0, 255);
    const begun = await call('files.getUploadURLExternal', { filename: 'a ü.png', length: 3 });
    const id = String(begun['file_id']);
    const files = [{ id, title: 'A' }];
    const done = { files, channel_id: 'C123ABC456', initial_comment: 'Look' };
    expect(await call('files.completeUploadExternal', done)).toMatchObject({ error: 'file_not_found' });
    const sent = await fetch(String(begun['upload_url']), { method: 'POST', body: bytes });
    expect(sent.status).toBe(200);
    expect(await call('files.completeUploadExternal', done)).toMatchObject({
      ok: true,
      files: [{ id, title: 'A', shares: {} }],
    });
    expect(slack.world.posts).toMatchObject([{ text: 'Look', files: [id] }]);
    const info = await call('files.info', { file: id });
    const { url_private_download: url } = info['file'] as { url_private_download: string };
    const headers = { authorization: `Bearer ${slack.botToken}` };
    expect(new Uint8Array(await (await fetch(url, { headers })).arrayBuffer())).toEqual(bytes);
    const stranger = await fetch(url);
    expect([stranger.redirected, await stranger.text()]).toEqual([true, '<title>Sign in</title>']);
    expect(await call('files.info', { file: 'F0' })).toMatchObject({ error: 'file_not_found' });
  });

  it('takes a file as a multipart form, too', async () => {
    const begun = await call('files.getUploadURLExternal', { filename: 'a.txt', length: 3 });
    const form = new FormData();
    form.append('filename', new Blob(['abc']), 'a.txt');
    expect((await fetch(String(begun['upload_url']), { method: 'POST', body: form })).status).toBe(200);
    expect(slack.world.files.get(String(begun['file_id']))?.bytes).toEqual(new TextEncoder().encode('abc'));
  });

  it('tells who people are as https://docs.slack.dev/reference/objects/user-object shows', async () => {
    slack.world.addPerson('U2', 'Gus', 'single-channel guest');
    slack.world.addPerson('U3', 'Fay', 'foreign');
    const whole = await call('users.info', { user: 'U061F7AUR', include_locale: true });
    expect(whole).toMatchObject({ user: { team_id: TEAM.id, is_restricted: false, locale: 'en-US' } });
    expect(await call('users.info', { user: 'U2' })).toMatchObject({
      user: { is_restricted: true, is_ultra_restricted: true },
    });
    expect(await call('users.info', { user: 'U3' })).toMatchObject({ user: { is_stranger: true } });
    expect(await call('users.info', { user: 'U9' })).toEqual({ ok: false, error: 'user_not_found' });
    expect(await call('team.info')).toMatchObject({ team: { id: TEAM.id, name: 'Acme' } });
    expect(await call('auth.test')).toMatchObject({ user_id: BOT.userId, team_id: TEAM.id });
    expect(await call('conversations.info', HERE)).toMatchObject({
      channel: { name: 'general', is_member: true },
    });
  });

  it('shows what an assistant says in its pane', async () => {
    const { ts } = await post({});
    const pane = { channel_id: 'C123ABC456', thread_ts: ts };
    await call('assistant.threads.setStatus', { ...pane, status: 'is thinking...' });
    await call('assistant.threads.setTitle', { ...pane, title: 'Rivers' });
    const prompts = [{ title: 'Go', message: 'Go on' }];
    await call('assistant.threads.setSuggestedPrompts', { ...pane, prompts });
    expect([...slack.world.panes.values()]).toEqual([{ status: 'is thinking...', title: 'Rivers', prompts }]);
    const lost = { ...pane, thread_ts: '1.0', title: 'x' };
    expect(await call('assistant.threads.setTitle', lost)).toMatchObject({ error: 'invalid_thread_ts' });
    const nowhere = { ...pane, channel_id: 'C0NOWHERE', status: 'is thinking...' };
    expect(await call('assistant.threads.setStatus', nowhere)).toMatchObject({ error: 'channel_not_found' });
    const five = Array.from({ length: 5 }, () => prompts[0]);
    expect(await call('assistant.threads.setSuggestedPrompts', { ...pane, prompts: five })).toMatchObject({
      error: 'invalid_arguments',
    });
    await post({ thread_ts: ts });
    expect([...slack.world.panes.values()]).toMatchObject([{ status: '', title: 'Rivers' }]);
  });

  it('takes a status from who may write, and a title from who is an agent', async () => {
    await slack.close();
    await open({ scopes: ['chat:write'] });
    const { ts } = await post({});
    const pane = { channel_id: 'C123ABC456', thread_ts: ts };
    const { appToken } = slack;
    const status = { ...pane, status: 'is thinking...' };
    expect(await call('assistant.threads.setStatus', status)).toMatchObject({ ok: true });
    expect(await call('assistant.threads.setStatus', status, appToken)).toMatchObject({
      error: 'not_allowed_token_type',
    });
    expect(await call('assistant.threads.setTitle', { ...pane, title: 'Rivers' })).toMatchObject({
      error: 'missing_scope',
      needed: 'assistant:write',
    });
  });
});

describe('a call is refused', () => {
  const button = (text: string) => ({ type: 'button', text: { type: 'plain_text', text } });
  it.each<[string, string, Record<string, unknown>]>([
    ['that says nothing', 'no_text', { text: '' }],
    ['with a text too long', 'msg_too_long', { text: 'x'.repeat(40_001) }],
    ['with Markdown too long', 'msg_too_long', { text: '', markdown_text: 'x'.repeat(12_001) }],
    ['with Markdown and a text', 'markdown_text_conflict', { markdown_text: 'x' }],
    ['with 101 attachments', 'too_many_attachments', { attachments: Array(101).fill({ text: 'x' }) }],
    ['with blocks that are no JSON', 'invalid_blocks_format', { blocks: '[{' }],
    ['with 51 blocks', 'invalid_blocks', { blocks: Array(51).fill({ type: 'divider' }) }],
    ['with an unknown block', 'invalid_blocks', { blocks: [{ type: 'marquee' }] }],
    [
      'with 12,001 characters of Markdown in two blocks',
      'msg_blocks_too_long',
      {
        blocks: [
          { type: 'markdown', text: 'x' },
          { type: 'markdown', text: 'x'.repeat(12_000) },
        ],
      },
    ],
    [
      'with a section too long',
      'invalid_blocks',
      { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }] },
    ],
    [
      'with 26 buttons',
      'invalid_blocks',
      { blocks: [{ type: 'actions', elements: Array(26).fill(button('x')) }] },
    ],
    [
      'with a label too long',
      'invalid_blocks',
      { blocks: [{ type: 'actions', elements: [button('x'.repeat(76))] }] },
    ],
    ['with metadata of no type', 'invalid_metadata_format', { metadata: { event_payload: {} } }],
    [
      'with metadata too deep',
      'invalid_metadata_schema',
      { metadata: { event_type: 'a', event_payload: { b: { c: { d: 1 } } } } },
    ],
    ['to an unknown channel', 'channel_not_found', { channel: 'C9' }],
  ])('%s', async (_name, error, args) => {
    expect(await post(args)).toMatchObject({ ok: false, error });
    expect(slack.world.posts).toEqual([]);
    expect(slack.calls).toMatchObject([{ method: 'chat.postMessage', error }]);
  });

  it('where the app is not, or nobody is any more', async () => {
    const channel = slack.world.channels.get('C123ABC456')!;
    channel.isArchived = true;
    expect(await post({})).toMatchObject({ error: 'is_archived' });
    channel.members.delete(BOT.userId);
    expect(await post({})).toMatchObject({ error: 'not_in_channel' });
    slack.world.addChannel('G1', 'secret', 'group').members.delete(BOT.userId);
    expect(await post({ channel: 'G1' })).toMatchObject({ error: 'channel_not_found' });
  });

  it('with a token that is none, is for something else, or was revoked', async () => {
    const { status } = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect(status).toBe(200);
    expect(slack.calls).toMatchObject([{ error: 'not_authed' }]);
    expect(await call('auth.test', {}, 'xoxb-other')).toMatchObject({ error: 'invalid_auth' });
    expect(await call('apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' });
    slack.tokens = 'token_revoked';
    expect(await call('auth.test')).toMatchObject({ error: 'token_revoked' });
  });

  it('without its scope, which is told', async () => {
    await slack.close();
    await open({ scopes: ['chat:write'] });
    await post({});
    expect(await call('users.info', { user: 'U061F7AUR' })).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'users:read',
      provided: 'chat:write',
    });
    expect([...slack.scopesNeeded]).toEqual(['chat:write', 'users:read']);
  });

  it('that comes too fast, with the time to wait, in its channel only', async () => {
    slack.postingLimit = 'one a second';
    slack.world.addChannel('C2', 'other');
    await post({});
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}` },
      body: new URLSearchParams({ channel: 'C123ABC456', text: 'again' }),
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await response.json()).toEqual({ ok: false, error: 'ratelimited' });
    expect(await post({ channel: 'C2' })).toMatchObject({ ok: true });
    await clock.advance(1_000);
    expect(await post({})).toMatchObject({ ok: true });
  });

  it('as a test wants it, and the answer to one that is done may be lost', async () => {
    slack.before = ({ method }) => (method === 'auth.test' ? new SlackRefusal('internal_error') : undefined);
    expect(await call('auth.test')).toEqual({ ok: false, error: 'internal_error' });
    slack.losesAnswerTo = () => true;
    await expect(post({})).rejects.toThrow();
    expect(slack.world.posts).toHaveLength(1);
  });
});

describe('an event', () => {
  interface Received {
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }
  let app: Server;
  let received: Received[];
  let statuses: number[];
  beforeEach(async () => {
    received = [];
    statuses = [];
    app = createServer((incoming, response) => {
      void Array.fromAsync(incoming).then((chunks) => {
        received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    slack.requestUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}/slack/events`;
  });
  afterEach(
    () =>
      new Promise<void>((resolve) => {
        app.close(() => resolve());
        app.closeAllConnections();
      }),
  );

  const bodies = () => received.map(({ body }) => JSON.parse(body) as { event: Record<string, unknown> });
  const saying = { by: 'U061F7AUR', channel: 'C123ABC456' };

  it('is signed as https://docs.slack.dev/authentication/verifying-requests-from-slack shows', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
    expect(signature(body, { signingSecret, clock: { nowMs: () => 1_531_420_618_000 } })).toEqual({
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    });
  });

  it('of a mention comes twice, in the envelope of https://docs.slack.dev/apis/events-api/#callback-field', async () => {
    const { post: said, told } = slack.people.say({ ...saying, text: `<@${BOT.userId}> hello` });
    await told;
    const [one, other] = bodies().toSorted((a) => (a.event['type'] === 'app_mention' ? -1 : 1));
    expect(one).toMatchObject({
      type: 'event_callback',
      api_app_id: BOT.appId,
      authorizations: [{ team_id: TEAM.id, user_id: BOT.userId, is_bot: true }],
      event: { type: 'app_mention', user: 'U061F7AUR', ts: said.ts, channel: 'C123ABC456' },
    });
    expect(other).toMatchObject({ event: { type: 'message', channel_type: 'channel', ts: said.ts } });
    expect(received[0]?.headers['content-type']).toBe('application/json');
  });

  it('tells what becomes of a message', async () => {
    const { post: said, told } = slack.people.say({ ...saying, text: 'Helo' });
    await told;
    const edited = slack.people.edit(said, 'Hello');
    await edited.told;
    await slack.people.unfurl(edited.post).told;
    await slack.people.delete(edited.post).told;
    expect(bodies().map(({ event }) => event)).toMatchObject([
      { type: 'message', text: 'Helo' },
      {
        subtype: 'message_changed',
        message: { text: 'Hello', edited: { user: 'U061F7AUR' } },
        previous_message: { text: 'Helo' },
      },
      { subtype: 'message_changed', message: { text: 'Hello' }, previous_message: { text: 'Hello' } },
      { subtype: 'message_deleted', deleted_ts: said.ts },
    ]);
  });

  it('of a deleted message with answers is a change into a tombstone', async () => {
    const { post: said } = slack.people.say({ ...saying, text: 'Hello' });
    const reply = { ...saying, text: 'Yes', threadTs: said.ts };
    await slack.people.say({ ...reply, isBroadcast: true }).told;
    await slack.people.delete(said).told;
    expect(bodies().map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ subtype: 'thread_broadcast', thread_ts: said.ts }),
        expect.objectContaining({
          subtype: 'message_changed',
          message: expect.objectContaining({ subtype: 'tombstone', ts: said.ts }),
        }),
      ]),
    );
  });

  it('names files, and programs', async () => {
    const file = slack.world.addFile('U061F7AUR', 'a.png', Uint8Array.of(1), 'image/png');
    await slack.people.say({ ...saying, text: 'See', files: [file.id] }).told;
    await slack.people.say({ ...saying, text: 'Beep', isBotMessage: true }).told;
    expect(bodies().map(({ event }) => event)).toMatchObject([
      { subtype: 'file_share', files: [{ id: file.id, name: 'a.png', mimetype: 'image/png', size: 1 }] },
      { subtype: 'bot_message', text: 'Beep' },
    ]);
  });

  it('of a command and of a click is a form', async () => {
    await slack.people.command({ ...saying, command: '/swe', text: 'status' });
    const button = {
      type: 'button',
      action_id: 'a1',
      value: 'Yes',
      text: { type: 'plain_text', text: 'Yes' },
    };
    await post({ blocks: [{ type: 'actions', elements: [button] }] });
    const [shown] = slack.world.posts;
    await slack.people.click({ by: 'U061F7AUR', post: shown!, actionId: 'a1' });
    const [command, click] = received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(command).toMatchObject({ command: '/swe', text: 'status', user_id: 'U061F7AUR' });
    expect(JSON.parse(click?.['payload'] ?? '')).toMatchObject({
      type: 'block_actions',
      user: { id: 'U061F7AUR' },
      message: { ts: shown?.ts },
      actions: [{ action_id: 'a1', value: 'Yes' }],
    });
  });

  it('asks whose address it is', async () => {
    await slack.verifyUrl('3eZbrw1a');
    expect(bodies()).toMatchObject([{ type: 'url_verification', challenge: '3eZbrw1a' }]);
  });

  it('is sent again as https://docs.slack.dev/apis/events-api/#retries says, signed anew', async () => {
    const { requestUrl } = slack;
    const waits: number[] = [];
    let nowMs = 1_531_420_618_000;
    const sleep = (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        // Only Slack's patience can be cut short, and it never ends here.
        if (signal !== undefined) return signal.addEventListener('abort', () => resolve());
        nowMs += ms;
        waits.push(ms);
        resolve();
      });
    await slack.close();
    await open({ clock: { nowMs: () => nowMs, sleep } });
    slack.requestUrl = requestUrl;
    statuses = [500, 404, 503, 500];
    const [attempts] = await slack.people.say({ ...saying, text: 'Hello' }).told;
    expect(attempts?.map(({ status, headers }) => [status, headers['x-slack-retry-num']])).toEqual([
      [500, undefined],
      [404, '1'],
      [503, '2'],
      [500, '3'],
    ]);
    expect(waits).toEqual([0, 0, 60_000, 300_000]);
    expect(attempts?.[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(attempts?.map(({ headers }) => headers['x-slack-signature'])).size).toBe(3);
  });

  it('that is not answered in three seconds is sent again', async () => {
    const { requestUrl } = slack;
    const slow = { nowMs: () => 0, sleep: async () => undefined };
    await slack.close();
    await open({ clock: slow, retryAfterMs: [0] });
    slack.requestUrl = requestUrl;
    const [attempts] = await slack.people.say({ ...saying, text: 'Hello' }).told;
    expect(attempts?.map(({ status }) => status)).toEqual([undefined, undefined]);
    expect(attempts?.[1]?.headers['x-slack-retry-reason']).toBe('http_timeout');
  });
});

describe('Socket Mode', () => {
  async function connect() {
    const opened = await call('apps.connections.open', {}, slack.appToken);
    const socket = new WebSocket(String(opened['url']));
    const frames: Record<string, unknown>[] = [];
    const waiting: (() => void)[] = [];
    socket.on('message', (data: Buffer) => {
      frames.push(JSON.parse(data.toString()) as Record<string, unknown>);
      waiting.splice(0).forEach((look) => look());
    });
    const until = async (count: number) => {
      while (frames.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return frames;
    };
    return { socket, until, url: String(opened['url']) };
  }

  it('speaks as https://docs.slack.dev/apis/events-api/using-socket-mode shows', async () => {
    const { socket, until } = await connect();
    expect((await until(1))[0]).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: BOT.appId },
    });
    const { told } = slack.people.say({ by: 'U061F7AUR', channel: 'C123ABC456', text: 'Hello' });
    const envelope = (await until(2))[1];
    expect(envelope).toMatchObject({
      type: 'events_api',
      accepts_response_payload: false,
      payload: { type: 'event_callback', event: { type: 'message', text: 'Hello' } },
    });
    socket.send(JSON.stringify({ envelope_id: envelope?.['envelope_id'] }));
    expect(await told).toMatchObject([[{ status: 200 }]]);
    expect(slack.sockets.acknowledged).toEqual([envelope?.['envelope_id']]);
    slack.sockets.disconnect('refresh_requested');
    expect((await until(3))[2]).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
  });

  it('gives an address for one connection', async () => {
    const { until, url } = await connect();
    await until(1);
    const refused = new WebSocket(url);
    const error = await new Promise<Error>((resolve) => refused.on('error', resolve));
    expect(error.message).toContain('401');
  });
});
