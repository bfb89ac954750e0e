import { handleSlackRequest } from '@swe/adapter-slack/requests';
import { handleChatEvent } from '@swe/application/ingress';
import { BUILT_IN_MODELS, toNanoUsd } from '@swe/domain';
import type { ChatEvent } from '@swe/domain';
import {
  ManualClock,
  MemoryAccess,
  MemoryEventBus,
  MemoryLedger,
  MemorySessionStore,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { BOT, eventCallback, eventsOf, signature, SlackWorld } from '@swe/testing/servers';
import { figuresOf } from './figures';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const URL = 'http://slack.invalid/slack/events';
const [ADA, CHANNEL] = ['U0ADA', 'C0ONE'] as const;

type Handler = (request: Request) => Promise<Response>;

/** What is told to the ingress, and what it is measured against. */
export const INGRESS_KINDS = ['empty', 'mention', 'again', 'reply', 'command', 'others'] as const;
export type IngressKind = (typeof INGRESS_KINDS)[number];

export interface IngressRow {
  readonly kind: IngressKind;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

/** How long each kind of event takes from the request to its answer, one after the other; the kinds take turns. */
export async function measureIngress(rounds: number, events: number): Promise<readonly IngressRow[]> {
  const times = new Map<IngressKind, number[]>(INGRESS_KINDS.map((kind) => [kind, []]));
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [kind, taken] of await timesOfRound(events)) {
      if (round > 0) times.get(kind)?.push(...taken);
    }
  }
  return [...times].map(([kind, taken]) => ({
    kind,
    p50Ms: figuresOf(taken).median,
    p99Ms: taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? NaN,
    perSecond: (1_000 * taken.length) / taken.reduce((sum, ms) => sum + ms, 0),
  }));
}

/** In a new workspace: so many threads, and one event of each kind in each. */
async function timesOfRound(threads: number): Promise<ReadonlyMap<IngressKind, readonly number[]>> {
  const clock = new ManualClock();
  const { told, empty, bodies } = open(clock, threads);
  const mentions = bodies.map(({ mention }) => mention);
  return new Map<IngressKind, readonly number[]>([
    ['empty', await timesOf(empty, mentions, clock)],
    ['mention', await timesOf(told, mentions, clock)],
    ['again', await timesOf(told, mentions, clock)],
    [
      'reply',
      await timesOf(
        told,
        bodies.map(({ reply }) => reply),
        clock,
      ),
    ],
    [
      'command',
      await timesOf(
        told,
        bodies.map(({ command }) => command),
        clock,
      ),
    ],
    [
      'others',
      await timesOf(
        told,
        bodies.map(({ others }) => others),
        clock,
      ),
    ],
  ]);
}

function open(clock: ManualClock, threads: number) {
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const ledger = new MemoryLedger(data);
  const ports = {
    store,
    ledger,
    access: new MemoryAccess(),
    bus: new MemoryEventBus(),
    clock,
    logger: silentLogger,
  };
  const rules = {
    admins: undefined,
    allowedBots: [],
    catalog: BUILT_IN_MODELS,
    models: [],
    providers: [],
    capNanoUsd: toNanoUsd(10),
  };
  const handle = (event: ChatEvent): Promise<void> => handleChatEvent(ports, rules, event);
  const options = { signingSecret: async () => SECRET, handle, clock, logger: silentLogger };
  const told: Handler = (request) => handleSlackRequest(request, options);
  const empty: Handler = async (request) => {
    await request.arrayBuffer();
    return new Response(null, { status: 200 });
  };
  const world = new SlackWorld(() => clock.nowMs());
  world.addPerson(ADA, 'Ada');
  world.addChannel(CHANNEL, 'one');
  return { told, empty, bodies: Array.from({ length: threads }, () => bodiesOfThread(world, clock)) };
}

function bodiesOfThread(world: SlackWorld, clock: ManualClock) {
  const say = (text: string, threadTs?: string) => {
    const place = { channel: CHANNEL, ...(threadTs !== undefined && { threadTs }) };
    const post = world.add({ ...place, user: ADA, text });
    const event = eventsOf(world, post, URL).at(-1) ?? {};
    // Nothing here looks back, and looking for answers takes longer with each post.
    world.posts.length = 0;
    const body = JSON.stringify(eventCallback(event, world.nextId('E'), clock.nowMs()));
    return { ts: post.ts, body };
  };
  const words = 'Please fix the price of the second item, it is rounded twice. '.repeat(4);
  const { ts, body: mention } = say(`<@${BOT.userId}> ${words}`);
  return {
    mention,
    reply: say(words, ts).body,
    command: say(`<@${BOT.userId}> status`, ts).body,
    others: say(words).body,
  };
}

async function timesOf(
  handler: Handler,
  bodies: readonly string[],
  clock: ManualClock,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (const body of bodies) {
    const signed = signature(body, { signingSecret: SECRET, clock });
    const headers = { 'content-type': 'application/json', ...signed };
    const request = new Request(URL, { method: 'POST', headers, body });
    const begunAt = performance.now();
    const { status } = await handler(request);
    times.push(performance.now() - begunAt);
    if (status !== 200) throw new Error(`a request was answered with ${status}`);
  }
  return times;
}
