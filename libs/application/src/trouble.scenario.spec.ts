import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Fault, FREE } from '@swe/domain';
import type { FaultKind, LanguageModel, LogFields } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryCompute,
  MemoryDirectory,
  MemoryEventBus,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemorySnapshots,
  MemoryStore,
  ScriptedLanguageModel,
} from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_TURN_LIMITS,
  DEFAULT_WORKER_TIMING,
  defineTool,
  runWorker,
  said,
} from './agent';
import type { AgentPorts, AgentProfile } from './agent';
import { DEFAULT_MANAGER_TIMING, sweep } from './worker-manager';
import type { ManagerPorts } from './worker-manager';

const ORIGIN = 'terminal:1';
const MANAGER = { name: 'manager', timing: DEFAULT_MANAGER_TIMING };

/** What can be refused: the ports of the manager's, and of the agent's on its machine. */
type Place = 'manager-store' | 'describe' | 'ensure' | 'confirmDead' | 'agent-store' | 'blobs';

let world: ReturnType<typeof open>;
beforeEach(() => {
  world = open();
});

/** A person, a manager, and an agent on each machine that the manager starts; any of their ports may refuse. */
function open() {
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const compute = new MemoryCompute();
  const clock = new ManualClock();
  const chat = new MemoryChat();
  const bus = new MemoryEventBus();
  const blobs = new MemoryBlobStore();
  const log: (readonly [level: string, event: string, fields: LogFields])[] = [];
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void log.push([level, event, fields]);
  const logger = { debug() {}, info() {}, warn: at('warn'), error: at('error'), with: () => logger };
  const refusals = new Map<Place, Error>();

  const refusing = <T extends object>(port: T, place: Place, only?: keyof T): T =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const refusal = only === undefined || only === name ? refusals.get(place) : undefined;
          return refusal === undefined ? Reflect.apply(value, target, args) : Promise.reject(refusal);
        };
      },
    });
  const manager: ManagerPorts = {
    store: refusing(store, 'manager-store'),
    compute: refusing(
      refusing(refusing(compute, 'describe', 'describe'), 'ensure', 'ensure'),
      'confirmDead',
      'confirmDead',
    ),
    clock,
    chat,
    journal: new MemoryJournal(data),
    outbox: new MemoryOutbox(data),
    ledger: new MemoryLedger(data),
    blobs,
    directory: new MemoryDirectory(),
    random: { fraction: () => 0.5 },
    logger,
  };
  let models: AgentPorts['models'] = [new ScriptedLanguageModel([])];
  let snapshots = new MemorySnapshots();
  let sessionId = '';
  let messages = 0;
  let served = 0;
  const ended: unknown[] = [];

  const write = defineTool({
    name: 'write',
    description: 'write',
    access: 'acts',
    input: z.object({}),
    run: async () => {
      snapshots.workspace.set('shop', new Map([['file', 'written']]));
      return said('done');
    },
  });
  const profile: AgentProfile = {
    system: 'You are a test.',
    tools: [write],
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    spending: { priceOf: () => FREE, capNanoUsd: 0 },
    endProcesses: async () => 0,
  };

  /** Boots the machine that was started, if there is one that was not. */
  async function boot(): Promise<void> {
    const machine = await compute.describe(sessionId);
    if (machine === undefined || machine.generation === served || machine.state !== 'running') return;
    served = machine.generation;
    snapshots = new MemorySnapshots();
    const ports: AgentPorts = {
      ...manager,
      store: refusing(store, 'agent-store'),
      journal: refusing(manager.journal, 'agent-store'),
      outbox: refusing(manager.outbox, 'agent-store'),
      blobs: refusing(blobs, 'blobs'),
      snapshots,
      bus,
      models,
      openModel: async () => models[0],
      observe: () => undefined,
    };
    const worker = { sessionId, holder: `agent-${served}`, generation: served };
    const leaving = new AbortController();
    void runWorker(ports, worker, profile, DEFAULT_WORKER_TIMING, leaving.signal).catch((error: unknown) => {
      ended.push(error);
      compute.crash(sessionId);
    });
  }

  return {
    log,
    ended,
    refuse: (place: Place, kind: FaultKind, message: string) =>
      void refusals.set(place, new Fault(kind, message)),
    break: (place: Place, error: Error) => void refusals.set(place, error),
    mend: () => refusals.clear(),
    answerWith: (...given: readonly [LanguageModel, ...LanguageModel[]]) => void (models = given),
    async say(text: string): Promise<void> {
      messages += 1;
      const from = { origin: ORIGIN, requester: 'local:ada', addressed: true, receivedAtMs: clock.nowMs() };
      const body = { kind: 'text', text } as const;
      sessionId = (await store.receive({ ...from, messageKey: `m${messages}`, body })).sessionId;
      await bus.publish(sessionId);
    },
    /** Lets time pass; the manager looks once a minute, as a schedule does. */
    async watch(minutes: number): Promise<void> {
      for (let i = 0; i < minutes; i += 1) {
        await sweep(manager, MANAGER);
        await boot();
        for (let seconds = 0; seconds < 60; seconds += 5) await clock.advance(5_000);
      }
    },
    file: () => snapshots.workspace.get('shop')?.get('file'),
    posts: () => chat.seen(ORIGIN),
    session: async () => (await store.load(sessionId))!,
    outcomes: async () => (await store.readInbox(sessionId, 0)).map(({ outcome }) => outcome?.kind),
    /** Log lines that say so. */
    logged: (words: string) => log.filter(([, , { reason }]) => String(reason).includes(words)),
  };
}

const answers = (...turns: readonly ScriptedTurn[]) => new ScriptedLanguageModel(turns);

const EXPIRED =
  'ExpiredTokenException: The security token included in the request is expired: renew the credentials';
const SKEWED =
  "RequestTimeTooSkewed: The difference is too large: this machine's clock is off, synchronise it (chrony)";
const NO_ACCESS =
  "AccessDeniedException: You don't have access to the model: request access to the model in the Bedrock console";
const NO_REGION =
  'ValidationException: The provided model identifier is invalid: correct SWE_MODEL, or AWS_REGION';
const FORBIDDEN =
  'UnauthorizedOperation: You are not authorized: allow ec2:RunInstances in the policy of the role manager';
const NO_KIND = 'EC2 has no machine to give (m9z.large: InvalidParameterValue): correct SWE_INSTANCE_TYPES';
const NO_TABLE =
  'ResourceNotFoundException: Requested resource not found: correct SWE_TABLE_NAME or AWS_REGION';

describe('a machine that the cloud refuses to launch', () => {
  it.each<[string, FaultKind, string]>([
    ['a permission is denied', 'denied', FORBIDDEN],
    ['the kind of machine is unknown', 'invalid', NO_KIND],
    ['the launch template is in another region', 'invalid', 'there is no such launch template in eu-west-1'],
    ['the credentials have expired', 'transient', EXPIRED],
    ['the clock is wrong', 'transient', SKEWED],
  ])(
    'because %s: the thread says so after five tries, and the next message tries anew',
    async (_, kind, why) => {
      world.refuse('ensure', kind, why);
      world.answerWith(answers({ say: 'Here at last.' }));
      await world.say('Go.');
      await world.watch(10);
      expect(world.posts()).toEqual([`I can't start: ${why}\n\nSend a message to make me try again.`]);
      expect(await world.outcomes()).toEqual(['failed']);
      // Each try, and that it was the last.
      expect(world.logged(why)).toHaveLength(5 + 1);

      world.mend();
      await world.say('And now?');
      await world.watch(2);
      expect(world.posts().at(-1)).toBe('Here at last.');
    },
  );

  it('for a reason that nobody knows is a bug in the log, and told all the same', async () => {
    world.break('ensure', new TypeError('x is not a function'));
    await world.say('Go.');
    await world.watch(10);
    expect(world.posts()).toEqual([expect.stringContaining('x is not a function')]);
    expect(world.log).toContainEqual(['error', 'worker.unstartable', expect.anything()]);
  });
});

describe('machines that cannot even be looked at', () => {
  const FORBIDDEN_LOOK = FORBIDDEN.replace('RunInstances', 'DescribeInstances');

  it.each<[string, FaultKind, string]>([
    ['a permission is denied', 'denied', FORBIDDEN_LOOK],
    ['the credentials have expired', 'transient', EXPIRED],
    ['the clock is wrong', 'transient', SKEWED],
  ])(
    'because %s: the thread says so once, and the session goes on by itself when it is mended',
    async (_, kind, why) => {
      world.refuse('describe', kind, why);
      world.answerWith(answers({ say: 'Here at last.' }));
      await world.say('Go.');
      await world.watch(2);
      expect(world.posts()).toEqual([]);
      await world.watch(24 * 60);
      expect(world.posts()).toEqual([`I can't start yet: ${why}\n\nI go on trying by myself.`]);
      expect(world.logged(why)[0]).toEqual([
        'error',
        'session.unreconciled',
        expect.objectContaining({ kind }),
      ]);
      expect(await world.session()).toMatchObject({ status: 'queued', generation: 0 });

      world.mend();
      await world.watch(2);
      expect(world.posts().at(-1)).toBe('Here at last.');
      expect(await world.outcomes()).toEqual(['answered']);
    },
  );

  it('are no trouble of a session that waits for none', async () => {
    world.answerWith(answers({ say: 'Done.' }));
    await world.say('Go.');
    await world.watch(2);
    world.refuse('describe', 'denied', FORBIDDEN_LOOK);
    await world.watch(20);
    expect(world.posts()).toEqual(['Done.']);
  });

  it('hide that an agent has died: the thread says so, and another takes over in the end', async () => {
    const dies = (): never => {
      world.refuse('agent-store', 'denied', NO_TABLE);
      throw new Error('reset');
    };
    world.answerWith(answers(dies, { say: 'Here at last.' }));
    await world.say('Go.');
    await world.watch(1);
    world.refuse('describe', 'transient', EXPIRED);
    await world.watch(20);
    expect(world.posts()).toEqual([expect.stringContaining(EXPIRED)]);
    world.mend();
    await world.watch(3);
    expect(world.posts().at(-1)).toBe('Here at last.');
  });

  it('nor known to be dead keep the next one waiting, and the thread says why', async () => {
    world.answerWith(answers({ say: 'Done.' }, { say: 'Here at last.' }));
    await world.say('Go.');
    await world.watch(40);
    world.refuse('confirmDead', 'denied', FORBIDDEN.replace('RunInstances', 'StopInstances'));
    await world.say('More.');
    await world.watch(10);
    expect(world.posts()).toEqual(['Done.', expect.stringContaining('allow ec2:StopInstances')]);
    world.mend();
    await world.watch(2);
    expect(world.posts().at(-1)).toBe('Here at last.');
  });
});

describe('a model that refuses', () => {
  it.each<[string, FaultKind, string]>([
    ['the account has no access to it', 'denied', NO_ACCESS],
    ['the region does not have it', 'missing', NO_REGION],
  ])('because %s: the next model answers, and the log says why', async (_, kind, message) => {
    world.answerWith(answers({ failure: { kind, message } }), answers({ say: 'From the second.' }));
    await world.say('Go.');
    await world.watch(1);
    expect(world.posts()).toEqual(['From the second.']);
    expect(world.logged(message)).toEqual([
      ['warn', 'model.failed', expect.objectContaining({ kind, then: 'next-model' })],
    ]);
  });

  it('as all others do: the thread says why each does, and the next message tries anew', async () => {
    const denied = { failure: { kind: 'denied', message: NO_ACCESS } } as const;
    const missing = { failure: { kind: 'missing', message: NO_REGION } } as const;
    world.answerWith(answers(denied, { say: 'Here at last.' }), answers(missing));
    await world.say('Go.');
    await world.watch(1);
    expect(world.posts()).toEqual([
      `The model could not be reached: ${NO_ACCESS}; ${NO_REGION}\n\nSend a message to make me try again.`,
    ]);
    expect(await world.outcomes()).toEqual(['failed']);
    await world.say('And now?');
    await world.watch(1);
    expect(world.posts().at(-1)).toBe('Here at last.');
  });

  it.each([
    ['the credentials have expired', EXPIRED],
    ['the clock is wrong', SKEWED],
  ])('because %s: the session is parked, says why, and goes on by itself', async (_, message) => {
    let isMended = false;
    const turn = () =>
      isMended ? { say: 'Here at last.' } : ({ failure: { kind: 'transient', message } } as const);
    world.answerWith(answers(...Array.from({ length: 100 }, () => turn)));
    await world.say('Go.');
    await world.watch(4);
    expect(world.posts()).toEqual([
      expect.stringContaining(`No model answers (${message}). I go on trying by myself`),
    ]);
    expect(await world.outcomes()).toEqual([undefined]);
    isMended = true;
    await world.watch(6);
    expect(world.posts().at(-1)).toBe('Here at last.');
    expect(await world.outcomes()).toEqual(['answered']);
  });

  it('for long is told in one post, with the latest reason', async () => {
    let message = EXPIRED;
    const turn = () => ({ failure: { kind: 'transient', message } }) as const;
    world.answerWith(answers(...Array.from({ length: 400 }, () => turn)));
    await world.say('Go.');
    await world.watch(60);
    expect(world.posts()).toEqual([expect.stringContaining(EXPIRED)]);
    message = SKEWED;
    await world.watch(60);
    expect(world.posts()).toEqual([expect.stringContaining(SKEWED)]);
  });

  it('for good, behind one whose trouble passes, does not end what that one can answer later', async () => {
    let isMended = false;
    const turn = () =>
      isMended ? { say: 'Here at last.' } : ({ failure: { kind: 'transient', message: EXPIRED } } as const);
    const denied = { failure: { kind: 'denied', message: NO_ACCESS } } as const;
    world.answerWith(answers(...Array.from({ length: 100 }, () => turn)), answers(denied));
    await world.say('Go.');
    await world.watch(4);
    expect(world.posts()).toEqual([expect.stringContaining(`(${EXPIRED}; ${NO_ACCESS})`)]);
    isMended = true;
    await world.watch(6);
    expect(world.posts().at(-1)).toBe('Here at last.');
  });
});

describe('a store that refuses the manager', () => {
  it('ends its look at all sessions with the reason; each goes on once that is mended', async () => {
    world.answerWith(answers({ say: 'Here at last.' }));
    await world.say('Go.');
    world.refuse('manager-store', 'invalid', NO_TABLE);
    await expect(world.watch(1)).rejects.toMatchObject({ kind: 'invalid', message: NO_TABLE });
    world.mend();
    await world.watch(2);
    expect(world.posts()).toEqual(['Here at last.']);
  });
});

describe('a store that refuses the agent', () => {
  it.each<[string, FaultKind, string]>([
    ['its table is missing', 'invalid', NO_TABLE],
    [
      'a permission is denied',
      'denied',
      'AccessDeniedException: no: allow dynamodb:GetItem in the policy of the role agent',
    ],
  ])(
    'because %s: it ends with the reason, few others are started, and the thread is told',
    async (_, kind, why) => {
      world.refuse('agent-store', kind, why);
      world.answerWith(answers({ say: 'Here at last.' }));
      await world.say('Go.');
      await world.watch(30);
      expect(world.ended).toHaveLength(5);
      expect(world.ended).toEqual(Array(5).fill(expect.objectContaining({ kind, message: why })));
      expect(world.posts()).toEqual([
        expect.stringContaining('ended before it took up its work, see its log'),
      ]);
      world.mend();
      await world.say('And now?');
      await world.watch(2);
      expect(world.posts().at(-1)).toBe('Here at last.');
    },
  );

  it.each<[string, FaultKind, string]>([
    ['the credentials have expired', 'transient', EXPIRED],
    ['the clock is wrong', 'transient', SKEWED],
    ['it is throttled', 'throttled', 'ThrottlingException: slow down'],
  ])('because %s: it goes on once that is over', async (_, kind, why) => {
    world.refuse('agent-store', kind, why);
    world.answerWith(answers({ say: 'Here at last.' }));
    await world.say('Go.');
    await world.watch(3);
    expect(world.ended).toEqual([]);
    expect(world.posts()).toEqual([]);
    // Asked less and less often.
    expect(world.logged(why).length).toBeLessThan(12);
    world.mend();
    await world.watch(2);
    expect(world.posts()).toEqual(['Here at last.']);
    expect(await world.session()).toMatchObject({ generation: 1 });
  });
});

describe('a bucket that refuses what is saved', () => {
  const DENIED = 'AccessDenied: Access Denied: allow s3:PutObject in the policy of the role agent';
  const written = { calls: [{ name: 'write', input: {} }] };

  it('keeps nobody from working: the thread says once what is not saved, and the log why', async () => {
    world.refuse('blobs', 'denied', DENIED);
    world.answerWith(answers(written, { say: 'Done.' }, written, { say: 'Done again.' }));
    await world.say('Go.');
    await world.watch(1);
    const unsaved = `What I did in \`shop\` is not saved, and would be lost with this machine: ${DENIED}`;
    expect(world.posts()).toEqual(['Done.', unsaved]);
    expect(world.logged(DENIED)).toEqual([['warn', 'checkpoint.incomplete', expect.anything()]]);
    world.refuse('blobs', 'denied', `${DENIED}, in other words`);
    await world.say('More.');
    await world.watch(1);
    expect(world.posts()).toEqual(['Done.', unsaved, 'Done again.']);
  });

  it('keeps a new machine from going on without what was saved, until it is mended', async () => {
    const gone = 'NoSuchBucket: The specified bucket does not exist: correct SWE_BUCKET_NAME';
    world.answerWith(answers(written, { say: 'Done.' }, { say: 'Here at last.' }));
    await world.say('Go.');
    await world.watch(40);
    world.refuse('blobs', 'denied', gone);
    await world.say('More.');
    await world.watch(30);
    expect(world.ended[0]).toMatchObject({ message: gone });
    expect(world.posts()).toEqual(['Done.', expect.stringContaining('see its log')]);
    world.mend();
    await world.say('And now?');
    await world.watch(2);
    expect(world.posts().at(-1)).toBe('Here at last.');
    expect(world.file()).toBe('written');
  });
});
