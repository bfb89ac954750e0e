import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Hint, LogFields } from '@swe/domain';
import { eventBusContract, expectFault, runContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackAppSyncEvents } from '@swe/testing/servers';
import type { LoopbackAppSyncEvents, LoopbackAppSyncOptions, Signer } from '@swe/testing/servers';
import { AppSyncEventBus } from './appsync-event-bus';
import type { AppSyncEventBusOptions } from './appsync-event-bus';

const REGION = 'eu-west-1';
const signer: Signer = {
  accessKeyId: 'ASIA1',
  secretAccessKey: 'secret',
  sessionToken: 'token+/=',
  roleSessionName: 's1',
};
/** The pause after the first failure, with the chance of `busOf`: 500 ms. Later ones double. */
const PAUSE_MS = 500;
const CONNECTION_TIMEOUT_MS = 300_000;

let clock: ManualClock;
let server: LoopbackAppSyncEvents;
let warnings: (readonly [event: string, fields: LogFields])[];

beforeEach(async () => {
  [clock, warnings] = [new ManualClock(), []];
  server = await serve();
});
afterEach(() => server.close());

function serve(options: Partial<LoopbackAppSyncOptions> = {}): Promise<LoopbackAppSyncEvents> {
  const nowMs = () => clock.nowMs();
  return openLoopbackAppSyncEvents({ region: REGION, signers: [signer], nowMs, ...options });
}

function busOf(options: Partial<AppSyncEventBusOptions> = {}): AppSyncEventBus {
  let ids = 0;
  return new AppSyncEventBus({
    httpUrl: server.httpUrl,
    realtimeUrl: server.realtimeUrl,
    region: REGION,
    credentials: async () => signer,
    clock,
    random: { fraction: () => 0.5, id: () => `id-${(ids += 1)}` },
    logger: { warn: (event, fields = {}) => void warnings.push([event, fields]) },
    ...options,
  });
}

/** Subscribes; `next` is what is heard next. */
async function listen(bus: AppSyncEventBus, sessionId: string) {
  const hints: Hint[] = [];
  let heard = Promise.withResolvers<Hint>();
  const { close } = await bus.subscribe(sessionId, (hint) => {
    hints.push(hint);
    heard.resolve(hint);
    heard = Promise.withResolvers();
  });
  return { hints, close, next: () => heard.promise };
}

runContract('AppSyncEventBus', eventBusContract, async () => {
  const loopback = await openLoopbackAppSyncEvents({
    region: REGION,
    signers: [signer],
    nowMs: () => clock.nowMs(),
  });
  const bus = busOf({
    httpUrl: loopback.httpUrl,
    realtimeUrl: loopback.realtimeUrl,
    // Comes back at once.
    random: { fraction: () => 0, id: () => crypto.randomUUID() },
  });
  // Clauses leave their subscriptions open: an unclosed one looks for its server for ever.
  const subscriptions: { close(): Promise<void> }[] = [];
  const subscribe: AppSyncEventBus['subscribe'] = async (sessionId, listener) => {
    const subscription = await bus.subscribe(sessionId, listener);
    subscriptions.push(subscription);
    return subscription;
  };
  return {
    subject: {
      bus: { publish: (sessionId) => bus.publish(sessionId), subscribe },
      interrupt: async () => loopback.drop(),
    },
    close: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await loopback.close();
    },
  };
});

describe('subscribing', () => {
  it.each(['string', 'array'] as const)('an event that comes as %s is a hint', async (form) => {
    server.dataForm = form;
    const bus = busOf();
    const ear = await listen(bus, 's1');
    const heard = ear.next();
    await bus.publish('s1');
    expect(await heard).toBe('changed');
    await ear.close();
  });

  it('all share one connection, which ends with the last and starts anew', async () => {
    const bus = busOf();
    const ears = await Promise.all(['s1', 's2', 's2'].map((id) => listen(bus, id)));
    expect(server.connected).toBe(1);
    expect(server.subscriptions.toSorted()).toEqual(['/sessions/s1', '/sessions/s2', '/sessions/s2']);
    await ears[0]?.close();
    await server.until(() => server.subscriptions.length === 2);
    await Promise.all(ears.map((ear) => ear.close()));
    await server.until(() => server.connections === 0);
    expect(warnings).toEqual([]);
    expect(clock.sleeping).toBe(0);

    const again = await listen(bus, 's1');
    expect(server.connected).toBe(2);
    expect(again.hints).toEqual([]);
    await again.close();
  });

  it('whoever comes while the last goes is not left out', async () => {
    const bus = busOf();
    const last = await listen(bus, 's1');
    const closing = last.close();
    const ear = await listen(bus, 's1');
    await closing;
    const heard = ear.next();
    await bus.publish('s1');
    expect(await heard).toBe('changed');
    await ear.close();
  });

  it('a session whose id is no segment of a channel is `invalid`', async () => {
    for (const sessionId of ['', 's/1', 's 1', 's1-', '*', 'é', 's'.repeat(51)]) {
      await expectFault(busOf().publish(sessionId), 'invalid');
      await expectFault(
        busOf().subscribe(sessionId, () => undefined),
        'invalid',
      );
    }
    expect(server.connected).toBe(0);
  });

  it('a subscription that the namespace refuses holds nobody up, and is tried again', async () => {
    await server.close();
    let isOpen = false;
    server = await serve({
      onSubscribe: (caller, channel) => isOpen || channel === `/sessions/${caller.roleSessionName}`,
    });
    const bus = busOf();
    const own = await listen(bus, 's1');
    const other = await listen(bus, 's2');
    expect(server.subscriptions).toEqual(['/sessions/s1']);
    expect(warnings).toEqual([
      ['events.unsubscribed', expect.objectContaining({ channel: '/sessions/s2', kind: 'denied' })],
    ]);
    isOpen = true;
    const told = other.next();
    await clock.advance(PAUSE_MS);
    expect(await told).toBe('away');
    expect(own.hints).toEqual([]);
    await Promise.all([own.close(), other.close()]);
  });
});

describe('a connection', () => {
  it('that breaks is made anew after growing pauses, and everybody is told once it is back', async () => {
    let signatures = 0;
    const bus = busOf({
      credentials: async () => {
        signatures += 1;
        return signer;
      },
    });
    const ears = await Promise.all(['s1', 's2'].map((id) => listen(bus, id)));
    expect(signatures).toBe(3);
    server.realtime = 'down';
    server.drop();
    for (const failures of [1, 2]) {
      await until(() => warnings.length === failures);
      await clock.advance(failures * PAUSE_MS - 1);
      expect(signatures).toBe(2 + failures);
      await clock.advance(1);
      expect(signatures).toBe(3 + failures);
    }
    await until(() => warnings.length === 3);
    server.realtime = 'answers';
    const told = ears.map((ear) => ear.next());
    await clock.advance(4 * PAUSE_MS);
    expect(await Promise.all(told)).toEqual(['away', 'away']);
    expect(warnings.map(([event]) => event)).toEqual(Array(3).fill('events.disconnected'));
    await Promise.all(ears.map((ear) => ear.close()));
  });

  it('that is away holds no subscriber up; it is told when the connection is there', async () => {
    server.realtime = 'down';
    const bus = busOf();
    const first = await listen(bus, 's1');
    const second = await listen(bus, 's2');
    server.realtime = 'answers';
    const told = [first, second].map((ear) => ear.next());
    await clock.advance(PAUSE_MS);
    expect(await Promise.all(told)).toEqual(['away', 'away']);
    await Promise.all([first.close(), second.close()]);
  });

  it('that nobody wants any more is not made anew', async () => {
    server.realtime = 'down';
    const ear = await listen(busOf(), 's1');
    await ear.close();
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
    server.realtime = 'answers';
    await clock.advance(60_000);
    expect(server.accepted).toEqual([]);
  });

  it('without keep-alives for as long as AppSync said is dead', async () => {
    const bus = busOf();
    const ear = await listen(bus, 's1');
    await clock.advance(CONNECTION_TIMEOUT_MS - 1);
    server.keepAlive();
    await bus.publish('s1');
    await until(() => ear.hints.length === 1);
    // The keep-alive was sent before the hint that has arrived.
    await clock.advance(CONNECTION_TIMEOUT_MS - 1);
    expect(server.connections).toBe(1);
    const told = ear.next();
    await clock.advance(1);
    await server.until(() => server.connections === 0);
    await clock.advance(PAUSE_MS);
    expect(await told).toBe('away');
    expect(warnings).toEqual([
      ['events.disconnected', expect.objectContaining({ reason: 'AppSync Events was silent for 300000 ms' })],
    ]);
    await ear.close();
  });

  it('that is never acknowledged is given up, and holds nobody up for longer', async () => {
    server.realtime = 'silent';
    const bus = busOf({ connectTimeoutMs: 1_000 });
    const listening = listen(bus, 's1');
    await server.until(() => server.connected === 1);
    await clock.advance(1_000);
    const ear = await listening;
    await server.until(() => server.connections === 0);
    expect(warnings).toEqual([['events.disconnected', expect.objectContaining({ kind: 'transient' })]]);
    await ear.close();
  });

  it('whose signature is refused says what to look at, and never quotes the session token', async () => {
    const wrong = { ...signer, secretAccessKey: 'another' };
    const ear = await listen(busOf({ credentials: async () => wrong }), 's1');
    expect(warnings).toEqual([
      [
        'events.disconnected',
        { kind: 'denied', reason: expect.stringMatching(/clock.*region.*credentials/s) },
      ],
    ]);
    expect(JSON.stringify(warnings)).not.toContain(signer.sessionToken);
    await ear.close();
  });

  it('credentials are asked for anew for each signature, so that it gets over expired ones', async () => {
    await server.close();
    const fresh: Signer = { ...signer, accessKeyId: 'ASIA2', sessionToken: 'fresh' };
    const expiring = { ...signer, expiresMs: clock.nowMs() + 60_000 };
    server = await serve({ signers: [expiring, fresh] });
    let current: Signer = expiring;
    const ear = await listen(busOf({ credentials: async () => current }), 's1');
    await clock.advance(60_000);
    server.drop();
    await until(() => warnings.length === 1);
    await clock.advance(PAUSE_MS);
    await until(() => warnings.length === 2);
    expect(warnings[1]).toEqual([
      'events.disconnected',
      { kind: 'transient', reason: expect.stringContaining('ExpiredTokenException') },
    ]);
    current = fresh;
    const told = ear.next();
    await clock.advance(2 * PAUSE_MS);
    expect(await told).toBe('away');
    expect(server.accepted).toEqual(['ASIA1', 'ASIA1', 'ASIA2', 'ASIA2']);
    await ear.close();
  });
});

/** Lets sockets do their work until `holds`, or the test is over. */
async function until(holds: () => boolean): Promise<void> {
  const during = server;
  while (!holds() && server === during) await new Promise((resolve) => setImmediate(resolve));
}
