import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  BUILT_IN_MODELS,
  Fault,
  filesOf,
  findModel,
  FREE,
  JOURNAL_VERSION,
  REQUEST_FILE_LIMITS,
  text,
  textOf,
} from '@swe/domain';
import type {
  AgentEvent,
  InboxItem,
  JournalEntry,
  LanguageModel,
  MessageBody,
  ModelMessage,
  Outcome,
} from '@swe/domain';
import {
  drawMemoryImage,
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryEventBus,
  MemoryImage,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemorySnapshots,
  MemoryStore,
  MemoryWorkspace,
  ScriptedLanguageModel,
  silentLogger,
} from '@swe/testing/memory';
import type { ScriptedAnswer, ScriptedTurn } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  defineTool,
  runSession,
  said,
  withinLimits,
  withoutRefusedFiles,
} from './agent';
import type { AgentPorts, PatienceWithModels, SessionEnd, Tool, TurnLimits } from './agent';
import { viewFile } from './tools/view-file';

const ORIGIN = 'terminal:test';

interface WorldOptions {
  readonly answers: readonly ScriptedTurn[];
  readonly tools?: readonly Tool[];
  readonly limits?: Partial<TurnLimits>;
  readonly patience?: PatienceWithModels;
  /** What tools have left running. */
  readonly leftRunning?: number;
}

/** An agent with all its ports in memory, and a person who writes to it. */
function openWorld({
  answers,
  tools = [],
  limits,
  patience = DEFAULT_PATIENCE,
  leftRunning = 0,
}: WorldOptions) {
  const shared = new MemoryStore();
  const store = new MemorySessionStore(shared);
  const journal = new MemoryJournal(shared);
  const chat = new MemoryChat();
  const bus = new MemoryEventBus();
  const blobs = new MemoryBlobStore();
  const clock = new ManualClock();
  const model = new ScriptedLanguageModel(answers);
  const events: AgentEvent[] = [];
  const ports: AgentPorts = {
    store,
    journal,
    outbox: new MemoryOutbox(shared),
    chat,
    blobs,
    get snapshots() {
      return snapshots;
    },
    bus,
    models: [model],
    openModel: async () => model,
    ledger: new MemoryLedger(shared),
    clock,
    random: { fraction: () => 0.5 },
    logger: silentLogger,
    observe: (event) => events.push(event),
  };
  let snapshots = new MemorySnapshots();
  let messages = 0;
  let writes = 0;
  let runs = 0;
  let running = leftRunning;
  let sessionId = '';
  /** Changes the one file of the one working copy. */
  const write = tool('write', 'acts', async () => {
    writes += 1;
    snapshots.workspace.set('shop', new Map([['file', `write ${writes}`]]));
    return `write ${writes} done`;
  });

  return {
    ports,
    store,
    journal,
    blobs,
    clock,
    model,
    events,
    async say(words: string): Promise<void> {
      await this.send({ kind: 'text', text: words });
    },
    async send(body: MessageBody): Promise<void> {
      messages += 1;
      const receipt = await store.receive({
        messageKey: `m${messages}`,
        origin: ORIGIN,
        requester: 'local:tester',
        addressed: true,
        body,
        receivedAtMs: clock.nowMs(),
      });
      sessionId = receipt.sessionId;
      await bus.publish(sessionId);
    },
    async run(over: Partial<AgentPorts> = {}): Promise<Outcome | undefined> {
      return (await this.serve(over)).outcome;
    },
    serve(over: Partial<AgentPorts> = {}, leave = new AbortController().signal): Promise<SessionEnd> {
      const profile = {
        system: 'You are a test.',
        tools: [...tools, write],
        limits: { ...DEFAULT_TURN_LIMITS, ...limits },
        patience,
        spending: { priceOf: () => FREE, capNanoUsd: 0 },
        endProcesses: async () => {
          const ended = running;
          running = 0;
          return ended;
        },
      };
      runs += 1;
      const worker = { sessionId, holder: `agent-${runs}`, generation: 0 };
      return runSession({ ...ports, ...over }, worker, profile, DEFAULT_SESSION_TIMING, leave);
    },
    /** The session's disk is gone, and what comes next is on another. */
    loseMachine: () => void (snapshots = new MemorySnapshots()),
    disk: () => snapshots.workspace,
    file: () => snapshots.workspace.get('shop')?.get('file'),
    running: () => running,
    /** Adds a journal entry of a version that nobody knows yet. */
    async spoil(): Promise<void> {
      const { journal: written } = shared.record(sessionId);
      written.push(JSON.stringify({ kind: 'x', seq: written.length + 1, v: JOURNAL_VERSION + 1 }));
    },
    sessionId: () => sessionId,
    posts: () => chat.seen(ORIGIN),
    inbox: (): Promise<readonly InboxItem[]> => store.readInbox(sessionId, 0),
    async entries(): Promise<JournalEntry[]> {
      return Array.fromAsync(journal.read(sessionId, 1));
    },
    status: async () => (await store.load(sessionId))?.status,
  };
}

type World = ReturnType<typeof openWorld>;

/** A tool that does what `act` says. */
function tool(name: string, access: Tool['access'], act: (signal: AbortSignal) => Promise<string>): Tool {
  return defineTool({
    name,
    description: name,
    access,
    input: z.object({}),
    run: async (_input, { signal }) => said(await act(signal)),
  });
}

const call = (name: string, input = {}) => ({ name, input });

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** What providers refuse: roles out of turn, a call without its one result directly behind it. */
function expectAcceptable(messages: readonly ModelMessage[]): void {
  messages.forEach((message, i) => {
    expect(message.role).toBe(i % 2 === 0 ? 'user' : 'assistant');
    expect(message.content.length).toBeGreaterThan(0);
    const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []));
    const next = messages[i + 1];
    if (calls.length === 0 || next === undefined) return;
    const results = next.content.slice(0, calls.length);
    expect(results.map((part) => part.type === 'tool-result' && part.callId)).toEqual(calls);
  });
}

let world: World;
afterEach(() => {
  world.model.assertDone();
  world.model.requests.forEach(({ messages }) => expectAcceptable(messages));
});

describe('a message to the agent', () => {
  it('is answered where it was sent, once, and the session waits for the next', async () => {
    world = openWorld({ answers: [{ say: 'Hello to you.' }] });
    await world.say('Hello.');
    expect(await world.run()).toMatchObject({ kind: 'answered' });
    expect(world.posts()).toEqual(['Hello to you.']);
    expect(await world.status()).toBe('waiting');
    expect((await world.inbox())[0]?.outcome).toMatchObject({ kind: 'answered' });
    expect(await world.store.readLease(world.sessionId())).toBeUndefined();
  });

  it('that arrives while a tool runs joins at the next step, and the work goes on', async () => {
    const running = gate();
    const finish = gate();
    const slow = tool('slow', 'acts', async () => {
      running.open();
      await finish.opened;
      return 'slow is done';
    });
    world = openWorld({ tools: [slow], answers: [{ calls: [call('slow')] }, { say: 'Both done.' }] });
    await world.say('Do the first.');
    const run = world.run();
    await running.opened;
    await world.say('And the second.');
    await world.clock.advance(0);
    finish.open();
    await run;
    const second = world.model.requests[1]?.messages.at(-1);
    expect(second?.content.map((part) => part.type)).toEqual(['tool-result', 'text']);
    expect(textOf(second?.content ?? [])).toBe('And the second.');
    const outcomes = (await world.inbox()).map(({ outcome }) => outcome);
    expect(outcomes).toEqual([outcomes[0], outcomes[0]]);
    expect(world.posts()).toEqual(['Both done.']);
  });

  it('with the word ultrathink is thought about hardest, from step to step and no longer than it', async () => {
    const look = tool('look', 'reads', async () => 'seen');
    world = openWorld({
      tools: [look],
      answers: [{ calls: [call('look')] }, { say: 'Done.' }, { say: 'Also done.' }],
    });
    await world.say('Ultrathink, then do it.');
    await world.run();
    await world.say('Now the rest.');
    await world.run();
    expect(world.model.requests.map(({ effort }) => effort)).toEqual(['highest', 'highest', 'usual']);
  });

  it('that arrives with the last answer gets a turn of its own', async () => {
    world = openWorld({
      answers: [
        async () => {
          await world.say('One more thing.');
          return { say: 'First answer.' };
        },
        { say: 'Second answer.' },
      ],
    });
    await world.say('Go.');
    await world.run();
    expect(world.posts()).toEqual(['First answer.', 'Second answer.']);
  });
});

describe('tool calls of one step', () => {
  it('run at once when they only read, alone and in order when they act', async () => {
    const log: string[] = [];
    const meet = gate();
    let inside = 0;
    const read = tool('read', 'reads', async () => {
      inside += 1;
      if (inside === 2) meet.open();
      await meet.opened;
      log.push('read');
      return 'read';
    });
    const act = tool('act', 'acts', async () => {
      log.push('act');
      return 'acted';
    });
    const calls = [call('read'), call('read'), call('act'), call('act')];
    world = openWorld({ tools: [read, act], answers: [{ calls }, { say: 'Done.' }] });
    await world.say('Go.');
    await world.run();
    expect(log).toEqual(['read', 'read', 'act', 'act']);
  });

  it('each get exactly one result: unknown tool, malformed input, invalid input and a throwing tool too', async () => {
    const strict = defineTool({
      name: 'strict',
      description: 'strict',
      access: 'reads',
      input: z.object({ path: z.string() }),
      run: async () => said('never'),
    });
    const broken: Tool = {
      ...strict,
      spec: { ...strict.spec, name: 'broken' },
      call: () => Promise.reject(new Error('a bug in the tool')),
    };
    world = openWorld({
      tools: [strict, broken],
      answers: [
        {
          calls: [
            call('nowhere'),
            { name: 'strict', input: {}, malformedInput: '{"path": "a' },
            call('strict', { path: 7 }),
            call('broken'),
          ],
        },
        { say: 'I see.' },
      ],
    });
    await world.say('Go.');
    await world.run();
    const results = world.model.requests[1]?.messages[2]?.content ?? [];
    expect(results.map((part) => part.type === 'tool-result' && part.isError)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const words = results.map((part) => (part.type === 'tool-result' ? textOf(part.content) : ''));
    expect(words).toEqual([
      expect.stringContaining('"nowhere"'),
      expect.stringContaining('{"path": "a'),
      expect.stringMatching(/path/),
      expect.stringContaining('a bug in the tool'),
    ]);
  });

  it('above the limit of one answer get a result that says so', async () => {
    const read = tool('read', 'reads', async () => 'read');
    const calls = [call('read'), call('read'), call('read')];
    world = openWorld({
      tools: [read],
      limits: { maxToolCallsPerStep: 2 },
      answers: [{ calls }, { say: 'Ok.' }],
    });
    await world.say('Go.');
    await world.run();
    const results = world.model.requests[1]?.messages[2]?.content ?? [];
    expect(results.map((part) => part.type === 'tool-result' && part.isError)).toEqual([false, false, true]);
  });
});

describe('an answer cut at the output limit', () => {
  it('is continued, with what it said kept', async () => {
    world = openWorld({
      answers: [{ say: 'The first half', stop: 'max-tokens' }, { say: ' and the second.' }],
    });
    await world.say('Tell me.');
    expect(await world.run()).toMatchObject({ kind: 'answered' });
    const [, said, note] = world.model.requests[1]?.messages ?? [];
    expect(textOf(said?.content ?? [])).toBe('The first half');
    expect(textOf(note?.content ?? [])).toContain('output limit');
  });

  it('time and again ends the turn with a clear message', async () => {
    const cut = { say: '', stop: 'max-tokens' as const };
    world = openWorld({ limits: { maxCutAnswers: 3 }, answers: [cut, cut, cut] });
    await world.say('Tell me.');
    expect(await world.run()).toMatchObject({
      kind: 'failed',
      cause: expect.stringContaining('output limit'),
    });
  });
});

describe('stop', () => {
  it('ends a hanging model call and keeps the session usable', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }, { say: 'Here again.' }] });
    await world.say('Think for ever.');
    const run = world.run();
    await world.clock.advance(0);
    await world.send({ kind: 'command', command: 'stop' });
    expect(await run).toEqual({ kind: 'stopped' });
    const outcomes = (await world.inbox()).map(({ outcome }) => outcome);
    expect(outcomes).toEqual([{ kind: 'stopped' }, { kind: 'command-result', text: 'Stopped.' }]);
    expect(world.posts()).toEqual(['Stopped.']);
    expect(await world.status()).toBe('waiting');
    await world.say('Still there?');
    await world.run();
    expect(world.posts().at(-1)).toBe('Here again.');
  });

  it('aborts a running tool, leaves the rest unrun, and every call has its result', async () => {
    const running = gate();
    const obedient = tool('obedient', 'acts', async (signal) => {
      running.open();
      await aborted(signal);
      return 'ended early';
    });
    world = openWorld({
      tools: [obedient],
      answers: [{ calls: [call('obedient'), call('obedient')] }, { say: 'Welcome back.' }],
    });
    await world.say('Go.');
    const run = world.run();
    await running.opened;
    await world.send({ kind: 'command', command: 'stop' });
    expect(await run).toEqual({ kind: 'stopped' });
    await world.say('Go on.');
    await world.run();
    const results = (world.model.requests[1]?.messages[2]?.content ?? []).map((part) =>
      part.type === 'tool-result' ? textOf(part.content) : part.type === 'text' ? part.text : '',
    );
    expect(results).toEqual([
      'ended early',
      expect.stringContaining('Not run'),
      expect.stringContaining('stopped the work'),
      'Go on.',
    ]);
  });

  it('does not wait for a tool that ignores it', async () => {
    const running = gate();
    const deaf = tool('deaf', 'acts', () => {
      running.open();
      return new Promise(() => undefined);
    });
    world = openWorld({ tools: [deaf], answers: [{ calls: [call('deaf')] }] });
    await world.say('Go.');
    const run = world.run();
    await running.opened;
    await world.send({ kind: 'command', command: 'stop' });
    await world.clock.advance(2_000);
    expect(await run).toEqual({ kind: 'stopped' });
  });

  it('lets no effect begin behind it, also in a tool that ignores it', async () => {
    const begun: string[] = [];
    const running = gate();
    const stopped = gate();
    const outcome = gate();
    const deaf = defineTool({
      name: 'deaf',
      description: 'deaf',
      access: 'acts',
      input: z.object({}),
      async run(_input, { effect, signal }) {
        const once = (key: string): Promise<string> =>
          effect(key, key, async () => {
            begun.push(key);
            return key;
          });
        await once('push');
        running.open();
        await aborted(signal);
        await stopped.opened;
        await once('pull request').catch(() => outcome.open());
        return said('never read');
      },
    });
    world = openWorld({ tools: [deaf], answers: [{ calls: [call('deaf')] }] });
    await world.say('Go.');
    const run = world.run();
    await running.opened;
    await world.send({ kind: 'command', command: 'stop' });
    await world.clock.advance(2_000);
    await run;
    stopped.open();
    await outcome.opened;
    expect(begun).toEqual(['push']);
  });

  it('ends what runs in the background before it is told as done', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }], leftRunning: 2 });
    const runningWhenTold: number[] = [];
    const journal: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: (write) => {
        if (write.outbox?.some(({ body }) => body === 'Stopped.')) runningWhenTold.push(world.running());
        return world.journal.append(write);
      },
    };
    await world.say('Think for ever.');
    const run = world.run({ journal });
    await world.clock.advance(0);
    await world.send({ kind: 'command', command: 'stop' });
    expect(await run).toEqual({ kind: 'stopped' });
    expect(runningWhenTold).toEqual([0]);
  });

  it('ends what an earlier turn left in the background', async () => {
    world = openWorld({ answers: [], leftRunning: 1 });
    await world.send({ kind: 'command', command: 'stop' });
    await world.run();
    expect(world.running()).toBe(0);
    expect(world.posts()).toEqual(['Stopped.']);
  });

  it('is seen within a poll when its hint is lost', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }] });
    await world.say('Think for ever.');
    const deafBus = { subscribe: async () => ({ close: async () => undefined }) };
    const run = world.run({ bus: deafBus });
    await world.clock.advance(0);
    await world.send({ kind: 'command', command: 'stop' });
    await world.clock.advance(1_000);
    expect(await run).toEqual({ kind: 'stopped' });
  });

  it('that comes when nothing runs says so, and the next message is worked on', async () => {
    world = openWorld({ answers: [{ say: 'Working.' }] });
    await world.send({ kind: 'command', command: 'stop' });
    await world.say('Now work.');
    await world.run();
    const outcomes = (await world.inbox()).map(({ outcome }) => outcome);
    expect(outcomes).toMatchObject([
      { kind: 'command-result', text: 'Nothing was running.' },
      { kind: 'answered' },
    ]);
  });
});

describe('end', () => {
  it('ends the turn and closes the session', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }] });
    await world.say('Think for ever.');
    const run = world.run();
    await world.clock.advance(0);
    await world.send({ kind: 'command', command: 'end' });
    await run;
    expect(await world.status()).toBe('ended');
  });
});

describe('a message right behind an end', () => {
  it('is refused in words, and the session is let go', async () => {
    world = openWorld({ answers: [] });
    await world.send({ kind: 'command', command: 'end' });
    await world.say('One more thing.');
    await world.run();
    expect((await world.inbox()).map(({ outcome }) => outcome?.kind)).toEqual(['command-result', 'refused']);
    expect(world.posts()).toEqual(['Ended.', expect.stringContaining('has ended')]);
    expect(await world.status()).toBe('ended');
    expect(await world.store.readLease(world.sessionId())).toBeUndefined();
  });
});

describe('limits end a turn with a clear message', () => {
  const read = tool('read', 'reads', async () => 'read');

  it('of steps', async () => {
    const again = { calls: [call('read')] };
    world = openWorld({ tools: [read], limits: { maxSteps: 2 }, answers: [again, again] });
    await world.say('Go.');
    expect(await world.run()).toMatchObject({ kind: 'failed', cause: expect.stringContaining('2 steps') });
    expect(world.posts()).toEqual([expect.stringContaining('2 steps')]);
  });

  it('of time for the turn', async () => {
    const slow = tool('slow', 'reads', async () => {
      await world.clock.advance(61_000);
      return 'slow';
    });
    world = openWorld({ tools: [slow], limits: { maxTurnMs: 60_000 }, answers: [{ calls: [call('slow')] }] });
    await world.say('Go.');
    expect(await world.run()).toMatchObject({ kind: 'failed', cause: expect.stringContaining('1 minutes') });
  });

  it('of time for one model call, which is then made again', async () => {
    const answers = [{ say: 'Well', hang: true }, { say: 'Here.' }];
    world = openWorld({ limits: { maxModelCallMs: 5_000 }, answers });
    await world.say('Go.');
    const run = world.run();
    await world.clock.advance(6_000);
    expect(await run).toMatchObject({ kind: 'answered' });
    const reasons = world.events.flatMap((event) => (event.type === 'step.delayed' ? [event.reason] : []));
    expect(reasons).toEqual([expect.stringContaining('5 seconds')]);
  });
});

describe('a turn that goes round in circles', () => {
  const looks = (times: number) => Array.from({ length: times }, () => ({ calls: [call('look')] }));
  const openCircles = (answers: ScriptedTurn[]): World =>
    openWorld({ tools: [tool('look', 'reads', async () => 'nothing new')], answers });

  it('is told so, and goes on another way', async () => {
    world = openCircles([...looks(3), { say: 'Found another way.' }]);
    await world.say('Find it.');
    expect(await world.run()).toMatchObject({ kind: 'answered' });
    expect(textOf(world.model.requests[3]?.messages.at(-1)?.content ?? [])).toContain(
      'the same result 3 times',
    );
    expect(textOf(world.model.requests[2]?.messages.at(-1)?.content ?? [])).not.toContain('circles');
  });

  it('is put to the person, and ended when their words change nothing', async () => {
    world = openCircles(looks(9));
    await world.say('Find it.');
    expect(await world.run()).toMatchObject({ kind: 'answered', asksBack: true });
    await world.say('Look again.');
    expect(await world.run()).toMatchObject({ kind: 'failed' });
    expect(world.posts()).toEqual([
      expect.stringMatching(/circles: the same call of look .* 6 times .*How shall I go on/),
      expect.stringMatching(/circles: .* 3 times[^]*I stopped here/),
    ]);
  });

  it('without a word is asked for one', async () => {
    world = openWorld({ answers: [{ say: '' }, { say: 'Done.' }] });
    await world.say('Do it.');
    await world.run();
    expect(world.posts()).toEqual(['Done.']);
    expect(textOf(world.model.requests[1]?.messages.at(-1)?.content ?? [])).toContain('without a word');
  });
});

describe('a session that waits', () => {
  it('tells how its last turn ended', async () => {
    const denied = { failure: { kind: 'denied', message: 'no such key' } } as const;
    world = openWorld({ answers: [denied, { say: 'Better now.' }] });
    const lastTurn = async () => (await world.store.load(world.sessionId()))?.lastTurn;
    await world.say('Go.');
    expect(await lastTurn()).toBeUndefined();
    await world.run();
    expect(await lastTurn()).toBe('failed');
    await world.say('Again.');
    await world.run();
    expect(await lastTurn()).toBe('answered');
  });
});

describe('a provider that fails', () => {
  const slowDown = { failure: { kind: 'throttled', message: 'slow down' } } as const;
  const denied = { failure: { kind: 'denied', message: 'no such key' } } as const;
  const impatient = { ...DEFAULT_PATIENCE, retryForMs: 0 };

  it('for a moment is asked again, and its failure never becomes conversation', async () => {
    world = openWorld({ answers: [slowDown, slowDown, { say: 'Better now.' }] });
    await world.say('Go.');
    const run = world.run();
    await world.clock.advance(500 + 1_000);
    expect(await run).toMatchObject({ kind: 'answered' });
    expect(JSON.stringify(world.model.requests[2]?.messages)).not.toContain('slow down');
    expect((await world.store.load(world.sessionId()))?.totals.steps).toBe(1);
  });

  it('is asked again also when it breaks its promise and throws', async () => {
    const broken = (): never => {
      throw new Error('socket hang up');
    };
    world = openWorld({ answers: [broken, { say: 'Better now.' }] });
    await world.say('Go.');
    const run = world.run();
    await world.clock.advance(500);
    expect(await run).toMatchObject({ kind: 'answered' });
  });

  it('for good fails the turn in words', async () => {
    world = openWorld({ answers: [denied] });
    await world.say('Go.');
    expect(await world.run()).toMatchObject({
      kind: 'failed',
      cause: expect.stringContaining('no such key'),
    });
    expect(world.posts()).toEqual([expect.stringContaining('no such key')]);
  });

  it('is replaced by the next model, for the rest of the turn', async () => {
    const read = tool('read', 'reads', async () => 'read');
    const second = new ScriptedLanguageModel([{ calls: [call('read')] }, { say: 'From the second.' }]);
    world = openWorld({ tools: [read], answers: [denied] });
    await world.say('Go.');
    await world.run({ models: [world.model, second] });
    expect(world.posts()).toEqual(['From the second.']);
    second.assertDone();
  });

  it('for long parks the session: nothing is held, nothing is lost, and it goes on where it was', async () => {
    const read = tool('read', 'reads', async () => 'read');
    const answers = [{ calls: [call('read')] }, slowDown, { say: 'Here at last.' }];
    world = openWorld({ tools: [read], answers, patience: impatient });
    await world.say('Go.');
    const { parkedUntilMs, outcome } = await world.serve();
    expect({ parkedUntilMs, outcome }).toEqual({
      parkedUntilMs: world.clock.nowMs() + DEFAULT_PATIENCE.parkMs,
      outcome: undefined,
    });
    expect(await world.status()).toBe('queued');
    expect(await world.store.readLease(world.sessionId())).toBeUndefined();
    expect((await world.inbox())[0]?.outcome).toBeUndefined();
    expect(world.posts()).toEqual([expect.stringMatching(/slow down.*5 min/)]);
    const due = async (nowMs: number) => (await world.store.listDue(nowMs, { limit: 9 })).items;
    expect(await due(world.clock.nowMs())).toEqual([]);
    expect(await due(parkedUntilMs ?? 0)).toEqual([world.sessionId()]);

    await world.clock.advance(DEFAULT_PATIENCE.parkMs);
    expect(await world.run()).toMatchObject({ kind: 'answered' });
    expect(world.posts().at(-1)).toBe('Here at last.');
    expect((await world.store.load(world.sessionId()))?.retryAtMs).toBeUndefined();
  });

  it('does not keep a stop waiting', async () => {
    world = openWorld({ answers: [{ failure: { kind: 'throttled', message: 'slow down' } }] });
    await world.say('Go.');
    const run = world.run();
    await world.clock.advance(100);
    await world.send({ kind: 'command', command: 'stop' });
    expect(await run).toEqual({ kind: 'stopped' });
  });
});

describe('a question to the person', () => {
  it('is posted, ends the turn, and the answer goes on from there', async () => {
    const ask = defineTool({
      name: 'ask_user',
      description: 'ask',
      access: 'acts',
      input: z.object({}),
      run: async () => ({ content: [text('Asked.')], post: 'Which one?', asksBack: true }),
    });
    world = openWorld({
      tools: [ask],
      answers: [{ calls: [call('ask_user')] }, { say: 'The red one it is.' }],
    });
    await world.say('Paint it.');
    expect(await world.run()).toMatchObject({ kind: 'answered', asksBack: true });
    await world.say('The red one.');
    await world.run();
    expect(world.posts()).toEqual(['Which one?', 'The red one it is.']);
  });
});

describe('an agent that died', () => {
  it('leaves a session that its successor takes up, with a result for every call', async () => {
    const dead = tool('dead', 'acts', () => new Promise(() => undefined));
    world = openWorld({ tools: [dead], answers: [{ calls: [call('dead')] }, { say: 'Picked up.' }] });
    await world.say('Go.');
    // A dead agent's clock stands still: it renews nothing.
    void world.run({ clock: new ManualClock() });
    await world.clock.advance(0);
    expect(await succeed()).toMatchObject({ kind: 'answered' });
    expect(textOf(resultsOf(world, 1))).toContain('Interrupted');
    expect(world.posts()).toEqual(['Picked up.']);
  });
});

describe('an agent that lives', () => {
  it('is left alone by a second one', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }] });
    await world.say('Go.');
    const run = world.run();
    await world.clock.advance(0);
    const second = expect(world.run()).rejects.toMatchObject({ kind: 'conflict' });
    await world.clock.advance(DEFAULT_SESSION_TIMING.leaseTtlMs);
    await second;
    await world.send({ kind: 'command', command: 'stop' });
    expect(await run).toEqual({ kind: 'stopped' });
  });

  it('is left alone also by one whose clock is a day ahead', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }] });
    await world.say('Go.');
    const run = world.run();
    await world.clock.advance(0);
    const { clock } = world;
    const ahead = {
      nowMs: () => clock.nowMs() + 24 * 3_600_000,
      monotonicMs: () => clock.monotonicMs() + 24 * 3_600_000,
      sleep: clock.sleep.bind(clock),
    };
    const second = expect(world.run({ clock: ahead })).rejects.toMatchObject({ kind: 'conflict' });
    await clock.advance(DEFAULT_SESSION_TIMING.leaseTtlMs);
    await second;
    await world.send({ kind: 'command', command: 'stop' });
    expect(await run).toEqual({ kind: 'stopped' });
  });
});

describe('a message that its sender', () => {
  it('edits before it is admitted is read as it is then', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }, { say: 'Blue it is.' }] });
    await world.say('Paint it red.');
    await world.store.revise({
      editKey: 'm1/1',
      messageKey: 'm1',
      body: { kind: 'text', text: 'Paint it blue.' },
    });
    const run = world.run();
    await world.clock.advance(0);
    expect(textOf(world.model.requests[0]?.messages[0]?.content ?? [])).toBe('Paint it blue.');
    await world.send({ kind: 'command', command: 'stop' });
    await run;
    await world.say('Go on.');
    await world.run();
  });

  it('deletes before it is admitted is never read, and cancelled', async () => {
    world = openWorld({ answers: [] });
    await world.say('Paint it red.');
    await world.store.revise({ editKey: 'm1/deleted', messageKey: 'm1' });
    await world.run();
    expect(await world.store.findMessage('m1')).toMatchObject({ item: { outcome: { kind: 'cancelled' } } });
    expect(await world.store.listDue(world.clock.nowMs(), { limit: 9 })).toEqual({ items: [] });
  });
});

describe('a tool call that its process died in', () => {
  async function dieIn(access: Tool['access'], resume?: 'repeat'): Promise<string[]> {
    const runs: string[] = [];
    let isFirst = true;
    const killed = new Error('killed');
    const mortal = defineTool({
      name: 'work',
      description: 'work',
      access,
      input: z.object({}),
      ...(resume && { resume }),
      run: async () => {
        runs.push('run');
        return said('worked');
      },
    });
    world = openWorld({ tools: [mortal], answers: [{ calls: [call('work')] }, { say: 'Done.' }] });
    await world.say('Go.');
    const dying: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: async (write) => {
        if (isFirst && write.entries.some(({ kind }) => kind === 'tool-finished')) throw killed;
        return world.journal.append(write);
      },
    };
    await expect(world.run({ journal: dying })).rejects.toThrow('killed');
    isFirst = false;
    await succeed();
    const results = world.model.requests.at(-1)?.messages.at(-1)?.content ?? [];
    expectAcceptable(world.model.requests.at(-1)?.messages ?? []);
    const [result] = results;
    runs.push(result?.type === 'tool-result' ? textOf(result.content) : 'no result');
    return runs;
  }

  it('is made again when it only reads', async () => {
    expect(await dieIn('reads')).toEqual(['run', 'run', 'worked']);
  });

  it('is made again when that does no harm', async () => {
    expect(await dieIn('acts', 'repeat')).toEqual(['run', 'run', 'worked']);
  });

  it('is told as interrupted otherwise, and not run again', async () => {
    expect(await dieIn('acts')).toEqual(['run', expect.stringContaining('Interrupted')]);
  });
});

describe('a machine that is lost', () => {
  const savedSeqs = async (): Promise<number[]> =>
    (await world.entries()).flatMap((entry) => (entry.kind === 'checkpoint-saved' ? [entry.journalSeq] : []));
  const noteOf = (request: number): string =>
    world.model.requests[request]?.messages.map(({ content }) => textOf(content)).join('\n') ?? '';

  it('gives its work back to the next one, and the model knows what is gone', async () => {
    const last = tool('last', 'acts', async () => 'lost');
    const killed = new Error('killed');
    const journal: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: async (write) => {
        const ends = write.entries.some((entry) => entry.kind === 'tool-finished' && entry.name === 'last');
        if (ends) throw killed;
        return world.journal.append(write);
      },
    };
    world = openWorld({
      tools: [last],
      answers: [{ calls: [call('write')] }, { calls: [call('last')] }, { say: 'Done.' }],
    });
    await world.say('Go.');
    await expect(world.run({ journal })).rejects.toThrow('killed');
    world.loseMachine();
    await succeed();
    expect(world.file()).toBe('write 1');
    expect(noteOf(2)).toMatch(/This is a new machine[^]*shop: restored[^]*is lost.*:\n- last\n/);
    expectAcceptable(world.model.requests[2]?.messages ?? []);
    expect((await world.inbox())[0]?.outcome).toMatchObject({ kind: 'answered' });
  });

  it('before anything was saved tells the next one so', async () => {
    const dying: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: async (write) => {
        if (write.entries.some(({ kind }) => kind === 'checkpoint-saved')) throw new Error('killed');
        return world.journal.append(write);
      },
    };
    world = openWorld({ answers: [{ calls: [call('write')] }, { say: 'Again.' }] });
    await world.say('Go.');
    await expect(world.run({ journal: dying })).rejects.toThrow('killed');
    world.loseMachine();
    await succeed();
    expect(noteOf(1)).toMatch(/no working copy is there[^]*is lost.*:\n- write$/m);
  });

  it('had said nothing of work that was not saved', async () => {
    world = openWorld({ answers: [{ calls: [call('write')] }, { say: 'Done.' }] });
    await world.say('Go.');
    await world.run();
    const kinds = (await world.entries()).map((entry) => entry.kind);
    expect(kinds.lastIndexOf('checkpoint-saved')).toBeLessThan(kinds.lastIndexOf('state-changed'));
    world.loseMachine();
    await world.run();
    expect(world.file()).toBe('write 1');
  });

  it('is saved from at most every 15 seconds while it is worked on, and before waiting', async () => {
    const wait = tool('wait', 'acts', async () => {
      await world.clock.advance(10_000);
      return 'waited';
    });
    const steps = Array.from({ length: 10 }, () => ({ calls: [call('write'), call('wait')] }));
    world = openWorld({ tools: [wait], answers: [...steps, { say: 'Done.' }] });
    await world.say('Go.');
    const { clock } = world;
    // Rings early, as timers do.
    const sleep = (ms: number, signal?: AbortSignal) => clock.sleep(ms > 4 ? ms - 1 : ms, signal);
    const hasty = { nowMs: () => clock.nowMs(), monotonicMs: () => clock.monotonicMs(), sleep };
    await world.run({ clock: hasty });
    // After 10 s, 25 s, 40 s, 55 s, 70 s and 85 s, and at the end.
    expect(await savedSeqs()).toHaveLength(7);
    // Three while it worked, and perhaps the last.
    const { items } = await world.blobs.list(world.sessionId(), { limit: 9 });
    expect(items.length).toBeLessThanOrEqual(4);
    world.loseMachine();
    await world.run();
    expect(world.file()).toBe('write 10');
  });

  it('had nothing to save where no tool ran', async () => {
    world = openWorld({ answers: [{ say: 'Hello.' }] });
    await world.say('Hello.');
    const untouchable = new Proxy(new MemorySnapshots(), {
      get: (target, key) => {
        if (key === 'take' || key === 'workingCopies') throw new Error(`${String(key)} was called`);
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(await world.run({ snapshots: untouchable })).toMatchObject({ kind: 'answered' });
    expect(await savedSeqs()).toEqual([]);
  });

  it('takes its background processes along, and what they wrote last is saved', async () => {
    const serverWrites = (): void => void world.disk().set('shop', new Map([['file', 'by the server']]));
    const answers = [{ calls: [call('write')] }, () => (serverWrites(), { say: 'It runs.' })];
    world = openWorld({ leftRunning: 1, answers });
    await world.say('Start the server.');
    await world.run();
    world.loseMachine();
    await world.run();
    expect(world.file()).toBe('by the server');
  });

  it('is saved from while a long step goes on, also before it is over', async () => {
    const wait = tool('wait', 'acts', async () => {
      await world.clock.advance(60_000);
      return 'waited';
    });
    const steps = [{ calls: [call('write')] }, { calls: [call('write')] }, { calls: [call('wait')] }];
    let savedBeforeEnd: readonly number[] = [];
    const last = async () => {
      savedBeforeEnd = await savedSeqs();
      return { say: 'Done.' };
    };
    world = openWorld({ tools: [wait], answers: [...steps, last] });
    await world.say('Go.');
    await world.run();
    const entries = await world.entries();
    const waitsFrom = entries.findIndex((entry) => entry.kind === 'tool-started' && entry.name === 'wait');
    expect(savedBeforeEnd).toHaveLength(2);
    expect(savedBeforeEnd[1]).toBeLessThanOrEqual(waitsFrom);
  });

  it('whose blobs could not be stored for a moment is saved before it is let go', async () => {
    world = openWorld({ answers: [{ calls: [call('write')] }, { say: 'Done.' }] });
    await world.say('Go.');
    let failures = 2;
    const blobs = new Proxy(world.blobs, {
      get: (target, key) => {
        if (key === 'put' && failures > 0) {
          return async () => {
            failures -= 1;
            throw new Fault('transient', 'no answer');
          };
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await world.run({ blobs });
    world.loseMachine();
    await world.run();
    expect(world.file()).toBe('write 1');
  });

  it('whose work could not be put back for good keeps its snapshot for a later one', async () => {
    world = openWorld({
      answers: [
        { calls: [call('write')] },
        { say: 'Done.' },
        { calls: [call('elsewhere')] },
        { say: 'Again.' },
      ],
      tools: [
        tool('elsewhere', 'acts', async () => {
          world.disk().set('other', new Map([['file', 'new']]));
          return 'done';
        }),
      ],
    });
    await world.say('Go.');
    await world.run();
    world.loseMachine();
    await world.say('Go on.');
    const get = async (): Promise<never> => {
      throw new Fault('missing', 'gone for now');
    };
    const blobs = new Proxy(world.blobs, {
      get: (target, key) => {
        const value: unknown = key === 'get' ? get : Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await world.run({ blobs });
    expect(world.file()).toBeUndefined();
    world.loseMachine();
    await world.run();
    expect([...world.disk().keys()].toSorted()).toEqual(['other', 'shop']);
    expect(world.file()).toBe('write 1');
  });

  it('keeps no more than three snapshots over its turns, and the last', async () => {
    const turns = Array.from({ length: 6 }, () => [{ calls: [call('write')] }, { say: 'Done.' }]).flat();
    world = openWorld({ answers: turns });
    for (let turn = 0; turn < 6; turn += 1) {
      await world.say('Go.');
      await world.run();
    }
    expect((await world.blobs.list(world.sessionId(), { limit: 99 })).items.length).toBeLessThanOrEqual(5);
  });

  it('that is told to stop says so before what was done is saved', async () => {
    const told = gate();
    const snapshots = new MemorySnapshots();
    const slow = Object.assign(Object.create(snapshots) as MemorySnapshots, {
      isCurrent: () => snapshots.isCurrent(),
      declareCurrent: () => snapshots.declareCurrent(),
      workingCopies: async (signal: AbortSignal) => {
        await told.opened;
        return snapshots.workingCopies(signal);
      },
    });
    const run = tool('run', 'acts', async (signal) => {
      await world.send({ kind: 'command', command: 'stop' });
      await aborted(signal);
      return 'ended';
    });
    world = openWorld({ tools: [run], answers: [{ calls: [call('run')] }] });
    await world.say('Go.');
    const observe = (event: AgentEvent): void => void (event.type === 'turn.finished' && told.open());
    expect(await world.run({ snapshots: slow, observe })).toEqual({ kind: 'stopped' });
  });

  it('is worked on though it cannot be saved', async () => {
    world = openWorld({ answers: [{ calls: [call('write')] }, { say: 'Done.' }] });
    await world.say('Go.');
    const put = async (): Promise<never> => {
      throw new Fault('transient', 'no room');
    };
    const blobs = Object.assign(new MemoryBlobStore(), { put });
    expect(await world.run({ blobs })).toMatchObject({ kind: 'answered' });
    const saved = (await world.entries()).find(({ kind }) => kind === 'checkpoint-saved');
    expect(saved).toMatchObject({ notSaved: [{ directory: 'shop', why: 'no room' }] });
  });

  it('that dies while work is put back is followed by one that ends it', async () => {
    world = openWorld({ answers: [{ calls: [call('write')] }, { say: 'Done.' }] });
    await world.say('Go.');
    await world.run();
    world.loseMachine();
    const killed = new Error('killed');
    const journal: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: async () => {
        throw killed;
      },
    };
    await expect(world.run({ journal })).rejects.toThrow('killed');
    await succeed();
    expect((await world.entries()).filter(({ kind }) => kind === 'checkpoint-restored')).toHaveLength(1);
    expect(world.file()).toBe('write 1');
  });
});

describe('end', () => {
  it('refuses a message that races with it, and the next one opens a new session', async () => {
    world = openWorld({ answers: [] });
    await world.send({ kind: 'command', command: 'end' });
    const first = world.sessionId();
    let raced = false;
    const racing: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: async (write) => {
        if (!raced) {
          raced = true;
          await world.say('One more thing.');
        }
        return world.journal.append(write);
      },
    };
    await world.run({ journal: racing });
    expect(await world.status()).toBe('ended');
    expect((await world.inbox()).map(({ outcome }) => outcome?.kind)).toEqual(['command-result', 'refused']);
    await world.say('A new task.');
    expect(world.sessionId()).not.toBe(first);
  });
});

describe('a machine that has to go', () => {
  let leave: AbortController;
  beforeEach(() => {
    leave = new AbortController();
  });
  const results = async () =>
    (await world.entries()).flatMap((entry) => (entry.kind === 'tool-finished' ? [entry.name] : []));
  const openOutcomes = async () => (await world.inbox()).map(({ outcome }) => outcome?.kind);

  it('in the middle of a tool has its work saved, and its successor goes on with the turn', async () => {
    const running = gate();
    const slow = tool('slow', 'acts', async (signal) => {
      running.open();
      await aborted(signal);
      return 'ended early';
    });
    world = openWorld({
      tools: [slow],
      answers: [{ calls: [call('write')] }, { calls: [call('write'), call('slow')] }, { say: 'Done.' }],
      leftRunning: 1,
    });
    await world.say('Go.');
    const run = world.serve({}, leave.signal);
    await running.opened;
    leave.abort();
    expect(await run).toEqual({ hasLeft: true });
    expect(world.running()).toBe(0);
    expect(await results()).toEqual(['write', 'write']);
    expect(await openOutcomes()).toEqual([undefined]);
    expect(world.posts()).toEqual([]);
    expect(await world.store.readLease(world.sessionId())).toMatchObject({ holder: 'agent-1' });

    world.loseMachine();
    await succeed();
    expect(world.file()).toBe('write 2');
    expect(await openOutcomes()).toEqual(['answered']);
    expect(world.posts()).toEqual(['Done.']);
  });

  it('beside what only reads keeps the results that are there', async () => {
    const running = gate();
    const quick = tool('quick', 'reads', async () => 'seen');
    const slow = tool('slow', 'reads', async (signal) => {
      running.open();
      if (leave.signal.aborted) return 'seen later';
      await aborted(signal);
      return 'ended early';
    });
    world = openWorld({
      tools: [quick, slow],
      answers: [{ calls: [call('quick'), call('slow')] }, { say: 'Done.' }],
    });
    await world.say('Go.');
    const run = world.serve({}, leave.signal);
    await running.opened;
    await world.clock.advance(0);
    leave.abort();
    expect(await run).toEqual({ hasLeft: true });
    expect(await results()).toEqual(['quick']);
    await succeed();
    expect(JSON.stringify(world.model.requests[1]?.messages)).toContain('seen later');
  });

  it('in the middle of a model call has it made again, and no half answer is kept', async () => {
    world = openWorld({ answers: [{ say: 'Half an', hang: true }, { say: 'A whole answer.' }] });
    await world.say('Go.');
    const run = world.serve({}, leave.signal);
    await world.clock.advance(0);
    leave.abort();
    expect(await run).toEqual({ hasLeft: true });
    await succeed();
    expect(JSON.stringify(world.model.requests[1]?.messages)).not.toContain('Half an');
    expect(world.posts()).toEqual(['A whole answer.']);
  });

  it('while a failing model is waited for leaves the turn all the same', async () => {
    world = openWorld({ answers: [{ failure: { kind: 'transient', message: 'busy' } }, { say: 'Done.' }] });
    await world.say('Go.');
    const run = world.serve({}, leave.signal);
    await world.clock.advance(0);
    leave.abort();
    expect(await run).toEqual({ hasLeft: true });
    await succeed();
    expect(await openOutcomes()).toEqual(['answered']);
  });

  it('before it began leaves the message to the next one', async () => {
    world = openWorld({ answers: [{ say: 'Done.' }] });
    await world.say('Go.');
    leave.abort();
    expect(await world.serve({}, leave.signal)).toEqual({ hasLeft: true });
    await succeed();
    expect(await openOutcomes()).toEqual(['answered']);
  });

  it('behind a stop lets that end the turn', async () => {
    world = openWorld({ answers: [{ say: 'Thinking', hang: true }] });
    await world.say('Go.');
    const run = world.serve({}, leave.signal);
    await world.clock.advance(0);
    await world.send({ kind: 'command', command: 'stop' });
    leave.abort();
    await run;
    expect(await openOutcomes()).toEqual(['stopped', 'command-result']);
  });

  it('with nothing to do lets its session go', async () => {
    world = openWorld({ answers: [] });
    await world.send({ kind: 'command', command: 'stop' });
    leave.abort();
    expect(await world.serve({}, leave.signal)).toEqual({});
    expect(await world.store.readLease(world.sessionId())).toBeUndefined();
  });
});

describe('an agent that lost its lease', () => {
  it('ends its work and writes nothing more', async () => {
    const running = gate();
    const slow = tool('slow', 'acts', async (signal) => {
      running.open();
      await aborted(signal);
      return 'too late';
    });
    world = openWorld({ tools: [slow], answers: [{ calls: [call('slow')] }] });
    await world.say('Go.');
    const run = world.run();
    await running.opened;
    const held = await world.store.readLease(world.sessionId());
    const claim = { sessionId: world.sessionId(), holder: 'agent-2', generation: 0, dueAtMs: 0 };
    await world.store.takeLease({ ...claim, from: held! });
    const before = (await world.entries()).length;
    const ended = expect(run).rejects.toMatchObject({ kind: 'conflict' });
    await world.clock.advance(10_000);
    await ended;
    expect(await world.entries()).toHaveLength(before);
  });
});

describe('a write of which nobody knows whether it was done', () => {
  it('is not made again: the run ends, and its successor reads what is there', async () => {
    world = openWorld({ answers: [{ calls: [call('write')] }, { say: 'Done.' }] });
    await world.say('Go.');
    let lost = 1;
    const journal: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: async (write) => {
        const seq = await world.journal.append(write);
        const isSaved = write.entries.some(({ kind }) => kind === 'checkpoint-saved');
        if (isSaved && lost-- > 0) throw new Fault('transient', 'the answer was lost');
        return seq;
      },
    };
    await expect(world.run({ journal })).rejects.toThrow('the answer was lost');
    await succeed();
    const calls = (await world.entries()).filter(({ kind }) => kind === 'model-call-finished');
    expect(calls).toHaveLength(2);
    expect(world.posts()).toEqual(['Done.']);
  });
});

describe('a store that fails', () => {
  it('for a moment while the inbox is read delays nothing but that', async () => {
    world = openWorld({ answers: [{ say: 'Here.' }] });
    await world.say('Go.');
    let failures = 2;
    const flaky: AgentPorts['store'] = {
      load: (id) => world.store.load(id),
      capOf: (id) => world.store.capOf(id),
      readLease: (id) => world.store.readLease(id),
      readInbox: async (id, after) => {
        if (failures-- > 0) throw new Fault('transient', 'the store is down');
        return world.store.readInbox(id, after);
      },
      takeLease: (claim) => world.store.takeLease(claim),
      renewLease: (lease, due) => world.store.renewLease(lease, due),
      releaseLease: (lease, change) => world.store.releaseLease(lease, change),
    };
    await world.run({ store: flaky });
    expect(world.posts()).toEqual(['Here.']);
  });

  it('to take a write ends the run, and a successor finds what was written before', async () => {
    world = openWorld({ answers: [{ say: 'Lost.' }, { say: 'Said again.' }] });
    await world.say('Go.');
    let writes = 0;
    const failing: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: async (write) => {
        writes += 1;
        if (writes === 2) throw new Fault('transient', 'the disk is full');
        return world.journal.append(write);
      },
    };
    await expect(world.run({ journal: failing })).rejects.toThrow('the disk is full');
    expect(world.posts()).toEqual([]);
    expect(await succeed()).toMatchObject({ kind: 'answered' });
    expect(world.posts()).toEqual(['Said again.']);
  });
});

describe('a session whose journal can’t be read', () => {
  beforeEach(async () => {
    world = openWorld({ answers: [{ say: 'Hello to you.' }] });
    await world.say('Hello.');
    await world.run();
    await world.say('More.');
  });

  it('fails with the reason, told where it was written, once, and its lease is free', async () => {
    const { ports } = world;
    const sessionId = world.sessionId();
    await world.spoil();
    await expect(world.run()).rejects.toThrow('newer version of this program. Update the program.');
    expect(await world.status()).toBe('failed');
    expect((await world.inbox()).map(({ outcome }) => outcome?.kind)).toEqual(['answered', 'failed']);
    const told = `I can't go on: Entry 6 of the journal of session ${sessionId}`;
    expect(world.posts()).toEqual(['Hello to you.', expect.stringContaining(told)]);
    expect(await ports.store.readLease(sessionId)).toBeUndefined();
  });

  it('is left to whoever follows when not even that can be written', async () => {
    await world.spoil();
    const full: AgentPorts['journal'] = {
      read: (id, from) => world.journal.read(id, from),
      append: () => Promise.reject(new Fault('transient', 'the disk is full')),
    };
    await expect(world.run({ journal: full })).rejects.toThrow('newer version');
    expect((await world.inbox()).map(({ outcome }) => outcome?.kind)).toEqual(['answered', undefined]);
  });
});

describe('a step', () => {
  it('costs two writes and no reads, however many came before it', async () => {
    let reads = 0;
    const read = tool('read', 'reads', async () => `${(reads += 1)}`.padStart(100, 'x'));
    const steps = 60;
    const answers = [...Array.from({ length: steps }, () => ({ calls: [call('read')] })), { say: 'Done.' }];
    world = openWorld({ tools: [read], answers });
    await world.say('Go.');
    const counts = { append: 0, read: 0, bytes: [] as number[] };
    const journal: AgentPorts['journal'] = {
      append: (write) => {
        counts.append += 1;
        counts.bytes.push(JSON.stringify(write).length);
        return world.journal.append(write);
      },
      read: (id, from) => {
        counts.read += 1;
        return world.journal.read(id, from);
      },
    };
    await world.run({ journal });
    expect(counts.read).toBe(1);
    expect(counts.append).toBeLessThanOrEqual(2 * steps + 4);
    const perStep = (from: number): number => counts.bytes.slice(from, from + 2).reduce((a, b) => a + b);
    expect(Math.abs(perStep(2 * (steps - 5)) - perStep(10))).toBeLessThan(40);
  });
});

/** A second agent takes over, once the first gave no sign of life for long enough. */
async function succeed(): Promise<Outcome | undefined> {
  const run = world.run();
  await world.clock.advance(DEFAULT_SESSION_TIMING.leaseTtlMs);
  return run;
}

function resultsOf({ model }: World, request: number) {
  const parts = model.requests[request]?.messages.at(-1)?.content ?? [];
  return parts.flatMap((part) => (part.type === 'tool-result' ? part.content : []));
}

describe('a session that looks at files', () => {
  const facts = findModel(BUILT_IN_MODELS, 'bedrock/global.anthropic.claude-opus-5-5');
  const look = (path: string) => call('view_file', { path });
  const shot = (n: number): string => `shots/${n}.png`;
  const SHOTS = 30;

  /** Refuses what providers refuse. */
  const asked =
    (answer: ScriptedAnswer): ScriptedTurn =>
    ({ messages }) => {
      const files = filesOf(messages);
      const isRefused =
        files.length > REQUEST_FILE_LIMITS.files ||
        files.reduce((sum, { data }) => sum + data.length, 0) > REQUEST_FILE_LIMITS.base64Bytes ||
        files.some(({ name }) => name === 'damaged.pdf');
      return isRefused ? { failure: { kind: 'invalid', message: 'refused' } } : answer;
    };

  let model: LanguageModel;

  async function openWorldWithFiles(answers: readonly ScriptedTurn[]): Promise<void> {
    const workspace = new MemoryWorkspace();
    const picture = drawMemoryImage({ mediaType: 'image/png', width: 8_000, height: 6_000 });
    for (let n = 1; n <= SHOTS; n += 1) await workspace.write(shot(n), picture);
    await workspace.write('spec.pdf', Buffer.from('%PDF-1.7'));
    await workspace.write('damaged.pdf', Buffer.from('%PDF-1.7 damaged'));
    await workspace.write('setup.exe', Buffer.from('MZ\x90\0'));
    const limits = { imageLimits: facts.imageLimits, documentLimits: facts.documents };
    world = openWorld({ answers, tools: [viewFile(workspace, new MemoryImage(), limits)] });
    model = withinLimits(withoutRefusedFiles(world.model), facts);
    await world.say('Look at these.');
  }

  const run = () => world.run({ models: [model] });
  const namesIn = (messages: readonly ModelMessage[] = []) => filesOf(messages).map(({ name }) => name);

  it('goes on behind thirty large pictures and a document, with the newest before its eyes', async () => {
    const paths = [...Array.from({ length: SHOTS }, (_, i) => shot(i + 1)), 'spec.pdf'];
    await openWorldWithFiles([
      ...paths.map((path) => asked({ calls: [look(path)] })),
      asked({ say: 'All seen.' }),
    ]);
    expect(await run()).toMatchObject({ kind: 'answered' });
    const last = world.model.requests.at(-1)?.messages;
    expect(namesIn(last)).toEqual(paths.slice(-namesIn(last).length));
    expect(JSON.stringify(last)).toContain('The picture \\"shots/1.png\\" was here and is left out');
  });

  it('is told why it cannot see a program, and what it could', async () => {
    await openWorldWithFiles([asked({ calls: [look('setup.exe')] }), asked({ say: 'Then not.' })]);
    expect(await run()).toMatchObject({ kind: 'answered' });
    const [, , { content: [result] = [] } = {}] = world.model.requests[1]?.messages ?? [];
    expect(result).toMatchObject({ type: 'tool-result', isError: true });
    expect(result?.type === 'tool-result' && textOf(result.content)).toMatch(
      /^setup\.exe \(5 bytes\) cannot be shown: .* Accepted: PNG/,
    );
  });

  it('is not ended by a document that the provider refuses', async () => {
    const done = asked({ say: 'Without it, then.' });
    await openWorldWithFiles([asked({ calls: [look('damaged.pdf')] }), done, done, done, done]);
    expect(await run()).toMatchObject({ kind: 'answered' });
    await world.say('And now?');
    expect(await run()).toMatchObject({ kind: 'answered' });
  });
});
