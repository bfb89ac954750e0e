import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { ChatEvent } from '@swe/domain';
import { BOT, openLoopbackSlack, SlackRefusal } from '@swe/testing/servers';
import type { LoopbackSlack } from '@swe/testing/servers';
import { CHOICE_ACTION } from '../choice-action';
import { listenOverSocketMode } from './listen-over-socket-mode';

const HERE = { by: 'U0ADA', channel: 'C0GENERAL' };
const MENTION = { ...HERE, text: `<@${BOT.userId}> fix it` };

let slack: LoopbackSlack;
let over: AbortController;
let listening: Promise<void>;
/** `connected`, `warned` and `slept` happen to it. */
let seen: EventEmitter;
let handled: ChatEvent[];
let handle: (event: ChatEvent) => Promise<void>;

beforeEach(async () => {
  slack = await openLoopbackSlack();
  slack.world.addPerson('U0ADA', 'Ada');
  slack.world.addChannel('C0GENERAL', 'general');
  slack.world.addChannel('D0ADA', 'ada', 'im');
  seen = new EventEmitter();
  over = new AbortController();
  handled = [];
  handle = async (event) => void handled.push(event);
});
afterEach(async () => {
  over.abort();
  await listening;
  await slack.close();
});

function listen(): void {
  listening = listenOverSocketMode(
    {
      appToken: slack.appToken,
      apiUrl: slack.apiUrl,
      handle: (event) => handle(event),
      onConnected: () => void seen.emit('connected'),
      clock: {
        nowMs: () => 1,
        monotonicMs: () => 1,
        // A goodbye, which is not a pause, takes as long as it takes.
        sleep: (ms, signal) =>
          signal === over.signal
            ? Promise.resolve(void seen.emit('slept', ms))
            : new Promise(() => undefined),
      },
      logger: { debug() {}, warn: (event, fields) => void seen.emit('warned', event, fields) },
    },
    over.signal,
  );
}

async function connected(): Promise<void> {
  const standing = once(seen, 'connected');
  listen();
  await standing;
}

describe('over Socket Mode', () => {
  it('both events of a mention are the same message', async () => {
    await connected();
    await slack.people.say(MENTION).told;
    expect(handled).toMatchObject([
      { kind: 'said', text: 'fix it', isAddressed: true },
      { kind: 'said', text: 'fix it', isAddressed: true },
    ]);
    expect(handled[0]).toEqual(handled[1]);
    expect(slack.sockets.acknowledged).toHaveLength(2);
  });

  it('commands and clicks are heard', async () => {
    await connected();
    const button = { type: 'button', action_id: `${CHOICE_ACTION}0`, value: 'Yes' };
    const blocks = [{ type: 'actions', elements: [button] }];
    const post = slack.world.add({ channel: 'C0GENERAL', user: BOT.userId, text: 'Which?', blocks });
    await slack.people.command({ ...HERE, command: '/swe', text: 'status' });
    await slack.people.click({ by: 'U0ADA', post, actionId: button.action_id });
    expect(handled).toMatchObject([
      { kind: 'command', text: 'status' },
      { kind: 'clicked', text: 'Yes' },
    ]);
  });

  it('nothing is acknowledged before it is stored', async () => {
    await connected();
    const { promise: stored, resolve: store } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    handle = async () => {
      ask();
      await stored;
    };
    const { told } = slack.people.say({ ...HERE, channel: 'D0ADA', text: 'fix it' });
    await asked;
    expect(slack.sockets.acknowledged).toEqual([]);
    store();
    await told;
    expect(slack.sockets.acknowledged).toHaveLength(1);
  });

  it('what is not stored is left to Slack to send again, and what comes then is heard', async () => {
    await connected();
    handle = async () => {
      throw new Fault('transient', 'the store is down');
    };
    const warned = once(seen, 'warned');
    slack.people.say({ ...HERE, channel: 'D0ADA', text: 'fix it' });
    expect(await warned).toMatchObject([
      'slack-event.unacknowledged',
      { reason: expect.stringContaining('the store is down') },
    ]);
    handle = async (event) => void handled.push(event);
    await slack.people.say({ ...HERE, channel: 'D0ADA', text: 'hello?' }).told;
    expect(handled).toMatchObject([{ text: 'hello?' }]);
    expect(slack.sockets.acknowledged).toHaveLength(1);
  });

  it('what is of no concern is acknowledged and passed over', async () => {
    await connected();
    await slack.sockets.event({ type: 'event_callback', event: { type: 'team_join' } });
    expect(slack.sockets.acknowledged).toHaveLength(1);
    expect(handled).toEqual([]);
  });

  it('a connection that Slack renews is made again', async () => {
    await connected();
    const again = once(seen, 'connected');
    slack.sockets.disconnect('refresh_requested');
    await again;
    await slack.people.say({ ...HERE, channel: 'D0ADA', text: 'fix it' }).told;
    expect(handled).toHaveLength(1);
  });

  it('a connection that cannot be made is tried again, after longer and longer', async () => {
    const pauses: number[] = [];
    seen.on('slept', (ms) => pauses.push(ms));
    let refusals = 8;
    slack.before = () => (refusals-- > 0 ? new SlackRefusal('', { status: 503 }) : undefined);
    await connected();
    expect(pauses).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('ends when it is told to, once what was under way is stored and acknowledged', async () => {
    await connected();
    const { promise: stored, resolve: store } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    handle = async () => {
      ask();
      await stored;
    };
    const { told } = slack.people.say({ ...HERE, channel: 'D0ADA', text: 'fix it' });
    await asked;
    over.abort();
    store();
    await told;
    await listening;
    expect(slack.sockets.acknowledged).toHaveLength(1);
  });
});
