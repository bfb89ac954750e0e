import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { ChatEvent } from '@swe/domain';
import { handleSlackRequest } from './handle-slack-request';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const NOW_MS = 1_531_420_618_000;

let handled: ChatEvent[];
let warned: string[];
beforeEach(() => {
  handled = [];
  warned = [];
});

const options = {
  signingSecret: async () => SECRET,
  handle: async (event: ChatEvent) => void handled.push(event),
  clock: { nowMs: () => NOW_MS },
  logger: { warn: (event: string) => void warned.push(event), debug() {} },
};

/** Signs as https://docs.slack.dev/authentication/verifying-requests-from-slack says. */
function signed(
  body: string | Uint8Array,
  seconds = NOW_MS / 1_000,
  contentType = 'application/json',
): Request {
  const hmac = createHmac('sha256', SECRET).update(`v0:${seconds}:`).update(body).digest('hex');
  const headers = {
    'content-type': contentType,
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `v0=${hmac}`,
  };
  return new Request('http://127.0.0.1/slack/events', { method: 'POST', headers, body: body as string });
}

const take = (request: Request): Promise<Response> => handleSlackRequest(request, options);

const callback = (event: object) => ({
  token: 'XXYYZZ',
  team_id: 'T123ABC456',
  api_app_id: 'A123ABC456',
  event,
  type: 'event_callback',
  authorizations: [{ team_id: 'T999OURS', user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
  event_id: 'Ev123ABC456',
  event_time: 1_531_420_618,
});

/** https://docs.slack.dev/reference/events/app_mention */
const MENTION = {
  type: 'app_mention',
  user: 'U061F7AUR',
  text: '<@UBOT> is it everything a river should be?',
  ts: '1515449522.000016',
  channel: 'C123ABC456',
  event_ts: '1515449522000016',
};

describe('a request', () => {
  it('is verified as Slack’s own example is', async () => {
    // The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const request = new Request('http://127.0.0.1/slack/events', { method: 'POST', headers, body });
    expect((await take(request)).status).toBe(200);
    expect(handled).toEqual([
      expect.objectContaining({ kind: 'command', requester: 'slack:T1DC2JH3J/U2CERLKJA', text: '' }),
    ]);
  });

  it.each<[string, () => Request]>([
    ['without a signature', () => new Request('http://127.0.0.1/', { method: 'POST', body: '{}' })],
    ['of six minutes ago', () => signed('{}', NOW_MS / 1_000 - 360)],
    ['of in six minutes', () => signed('{}', NOW_MS / 1_000 + 360)],
    ['with another body than was signed', () => new Request(signed('{}'), { body: '{ }' } as RequestInit)],
  ])('%s is refused before it is read', async (_name, make) => {
    const response = await take(make());
    expect(response.status).toBe(401);
    expect(handled).toEqual([]);
    expect(warned).toEqual(['slack-request.refused']);
  });

  it.each<[string, string | Uint8Array]>([
    ['garbage', 'garbage'],
    ['bytes that are no UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])],
  ])('of %s is invalid', async (_name, body) => {
    await expect(take(signed(body))).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('that can’t be stored is for Slack to send again', async () => {
    const down = new Fault('transient', 'the store is down');
    const handle = async (): Promise<void> => Promise.reject(down);
    const request = signed(JSON.stringify(callback(MENTION)));
    await expect(handleSlackRequest(request, { ...options, handle })).rejects.toBe(down);
  });

  it('to verify the address is answered with its challenge', async () => {
    const challenge = '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P';
    const response = await take(
      signed(JSON.stringify({ token: 'Jhj5', challenge, type: 'url_verification' })),
    );
    expect(await response.json()).toEqual({ challenge });
  });

  it.each([
    ['of an unknown kind', { type: 'app_rate_limited' }],
    ['of an unknown event', callback({ type: 'team_join', user: {} })],
    ['of somebody who joined', callback({ ...MENTION, type: 'message', subtype: 'channel_join' })],
    ['of a post of its own', callback({ ...MENTION, type: 'message', user: 'UBOT', bot_id: 'B1' })],
    ['without an author', callback({ ...MENTION, user: undefined })],
    ['that names no workspace', { ...callback(MENTION), authorizations: [] }],
  ])('%s is accepted and passed over', async (_name, body) => {
    const response = await take(signed(JSON.stringify(body)));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(handled).toEqual([]);
  });
});

describe('an event', () => {
  async function eventOf(event: object): Promise<ChatEvent | undefined> {
    await take(signed(JSON.stringify(callback(event))));
    return handled.at(-1);
  }

  const moment = {
    messageKey: 'slack:T999OURS/C123ABC456/1515449522.000016',
    origin: 'slack:T999OURS/C123ABC456/1515449522.000016',
    requester: 'slack:T999OURS/U061F7AUR',
    workspace: 'slack:T999OURS',
    receivedAtMs: NOW_MS,
  };

  it('of a mention is words for the agent, in the workspace of the app', async () => {
    expect(await eventOf(MENTION)).toEqual({
      kind: 'said',
      ...moment,
      text: 'is it everything a river should be?',
      files: [],
      isAddressed: true,
      isBot: false,
    });
  });

  it('that comes as a pair is the same message twice', async () => {
    const first = await eventOf(MENTION);
    const second = await eventOf({
      ...MENTION,
      type: 'message',
      channel_type: 'channel',
      client_msg_id: 'x',
    });
    expect(second).toEqual(first);
  });

  it('in a thread belongs to it', async () => {
    const reply = { ...MENTION, type: 'message', text: 'Yes.', thread_ts: '1515449000.000001' };
    expect(await eventOf(reply)).toMatchObject({
      origin: 'slack:T999OURS/C123ABC456/1515449000.000001',
      isAddressed: false,
    });
  });

  it('in a direct message is for the agent, mentioned or not', async () => {
    const direct = { ...MENTION, type: 'message', text: 'Hi', channel: 'D1', channel_type: 'im' };
    expect(await eventOf(direct)).toMatchObject({ isAddressed: true, text: 'Hi' });
  });

  it('with files names them', async () => {
    // https://docs.slack.dev/reference/objects/file-object
    const file = {
      id: 'F0S43P1CZ',
      name: 'Bird.png',
      mimetype: 'image/png',
      size: 1_234,
      url_private: 'https://...',
    };
    const event = { ...MENTION, type: 'message', subtype: 'file_share', files: [file, { id: 'no file' }] };
    expect(await eventOf(event)).toMatchObject({
      files: [{ ref: 'slack:T999OURS/F0S43P1CZ', name: 'Bird.png', mediaType: 'image/png', bytes: 1_234 }],
    });
  });

  it('of a program says so', async () => {
    const event = { ...MENTION, type: 'message', subtype: 'bot_message', user: undefined, bot_id: 'BB12033' };
    expect(await eventOf(event)).toMatchObject({ isBot: true, requester: 'slack:T999OURS/BB12033' });
  });

  // https://docs.slack.dev/reference/events/message/message_changed
  const edit = (message: object, previous_message?: object) => ({
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: 'C123ABC456',
    ts: '1515449600.000001',
    message: { type: 'message', user: 'U061F7AUR', text: 'New words', ts: '1515449522.000016', ...message },
    ...(previous_message && {
      previous_message: { user: 'U061F7AUR', ts: '1515449522.000016', ...previous_message },
    }),
  });
  const EDITED = { edited: { user: 'U061F7AUR', ts: '1515449600.000001' } };

  it('of an edit has the message’s identity and one of its own', async () => {
    expect(await eventOf(edit(EDITED, { text: 'Old words' }))).toEqual({
      kind: 'edited',
      ...moment,
      editKey: `${moment.messageKey}/1515449600.000001`,
      text: 'New words',
      files: [],
      isAddressed: false,
      isBot: false,
    });
  });

  it('of an edit that mentions the app is the same edit, told as a change or as a mention', async () => {
    const text = `${MENTION.text} now`;
    const asChange = await eventOf(edit({ ...EDITED, text }, { text: 'Old words' }));
    expect(asChange).toMatchObject({ kind: 'edited', isAddressed: true });
    expect(await eventOf({ ...MENTION, ...EDITED, text })).toEqual(asChange);
  });

  it('of the app’s tab of messages is that somebody opened it', async () => {
    // https://docs.slack.dev/reference/events/app_home_opened
    const event = { type: 'app_home_opened', user: 'U061F7AUR', channel: 'D0LAN2Q65', tab: 'messages' };
    expect(await eventOf(event)).toEqual({
      kind: 'opened',
      messageKey: 'slack:T999OURS/D0LAN2Q65/opened',
      origin: 'slack:T999OURS/D0LAN2Q65',
      requester: 'slack:T999OURS/U061F7AUR',
      workspace: 'slack:T999OURS',
      receivedAtMs: NOW_MS,
    });
  });

  it('of another tab of the app’s is none', async () => {
    const event = { type: 'app_home_opened', user: 'U061F7AUR', channel: 'D0LAN2Q65', tab: 'home' };
    expect(await eventOf(event)).toBeUndefined();
  });

  it('of a thread in an assistant’s pane is that somebody opened it', async () => {
    // https://docs.slack.dev/reference/events/assistant_thread_started
    const pane = { user_id: 'U123ABC456', channel_id: 'D123ABC456', thread_ts: '1729999327.187299' };
    const context = { channel_id: 'C123ABC456', team_id: 'T07XY8FPJ5C', enterprise_id: 'E480293PS82' };
    const event = { type: 'assistant_thread_started', assistant_thread: { ...pane, context } };
    expect(await eventOf(event)).toMatchObject({
      kind: 'opened',
      origin: 'slack:T999OURS/D123ABC456/1729999327.187299',
      requester: 'slack:T999OURS/U123ABC456',
    });
  });

  it('of the root of such a thread is none', async () => {
    // https://docs.slack.dev/reference/events/message/assistant_app_thread
    const root = { ...EDITED, subtype: 'assistant_app_thread', text: 'Chats from 2024-09-28T00:41:31.923Z' };
    expect(await eventOf(edit(root, { text: 'New chat' }))).toBeUndefined();
  });

  it('of a link that is shown, or a language that was found out, is none', async () => {
    expect(await eventOf(edit({}))).toBeUndefined();
    expect(await eventOf(edit(EDITED, { text: 'New words' }))).toBeUndefined();
  });

  it.each([
    [
      'alone',
      {
        type: 'message',
        subtype: 'message_deleted',
        channel: 'C123ABC456',
        ts: '1515449700.000001',
        deleted_ts: '1515449522.000016',
        previous_message: { user: 'U061F7AUR', text: 'Old', ts: '1515449522.000016' },
      },
    ],
    [
      'with answers below it',
      edit({ subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.' }, { text: 'Old' }),
    ],
  ])('of a deletion %s has an identity that a second one has, too', async (_name, event) => {
    expect(await eventOf(event)).toEqual({
      kind: 'deleted',
      ...moment,
      editKey: `${moment.messageKey}/deleted`,
    });
  });

  it.each([
    ['swe_choice_1', undefined],
    ['swe_command_1', true],
  ])(
    'of a click on %s is words of whoever clicked, in the thread of the question',
    async (action, isCommand) => {
      // https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
      const payload = {
        type: 'block_actions',
        team: { id: 'T9TK3CUKW', domain: 'example' },
        user: { id: 'UA8RXUSPL', username: 'jtorrance', team_id: 'T9TK3CUKW' },
        api_app_id: 'AABA1ABCD',
        channel: { id: 'CBR2V3XEX', name: 'review-updates' },
        message: { ts: '1548261231.000200', thread_ts: '1548261000.000100' },
        actions: [
          { action_id: action, block_id: '=qXel', value: 'Use tabs', action_ts: '1548426417.840180' },
        ],
      };
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      await take(signed(body, NOW_MS / 1_000, 'application/x-www-form-urlencoded'));
      expect(handled).toEqual([
        {
          kind: 'clicked',
          messageKey: 'slack:T9TK3CUKW/CBR2V3XEX/click/1548261231.000200/UA8RXUSPL/1548426417.840180',
          origin: 'slack:T9TK3CUKW/CBR2V3XEX/1548261000.000100',
          requester: 'slack:T9TK3CUKW/UA8RXUSPL',
          workspace: 'slack:T9TK3CUKW',
          text: 'Use tabs',
          ...(isCommand && { isCommand }),
          receivedAtMs: NOW_MS,
        },
      ]);
    },
  );
});
