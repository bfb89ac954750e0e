import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  BUILT_IN_MODELS,
  billNanoUsd,
  Fault,
  monthOf,
  monthScope,
  noUsage,
  toNanoUsd,
  toUsd,
} from '@swe/domain';
import type { LanguageModel, Ledger, PricedModel, Usage } from '@swe/domain';
import {
  dyingAt,
  MemoryAccess,
  memoryAgentPorts,
  MemoryCompute,
  MemoryDirectory,
  ScriptedLanguageModel,
  silentLogger,
} from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  defineTool,
  runSession,
  said,
} from './agent';
import type { AgentPorts, AgentProfile } from './agent';
import { handleChatEvent } from './ingress';
import { setWishes } from './local';
import { DEFAULT_MANAGER_TIMING, sweep } from './worker-manager';

const THREAD = 'slack:T/C/1.1';
const ADA = 'slack:T/UADA';
/** A call gives at most so many tokens, a tenth of a cent each: at most a dollar, and what it reads is next to nothing. */
const MOST_OUTPUT = 1_000;
const PRICE: PricedModel = {
  contextTokens: 1_000_000,
  maxOutputTokens: 100_000,
  prices: { input: 0.0001, output: 1_000, cacheRead: 0.0001, cacheWrite: 0.0001 },
};
const CAP_USD = 2;

const costs = (usd: number): Usage => ({ ...noUsage, inputTokens: 1, outputTokens: usd * 1_000 });
/** A step that costs so much and asks for another. */
const step = (usd: number): ScriptedTurn => ({ calls: [{ name: 'look', input: {} }], usage: costs(usd) });
const done = (usd = 0.1): ScriptedTurn => ({ say: 'Done.', usage: costs(usd) });

/** A thread of a chat with an ingress, a manager and an agent, all of them counting in one ledger. */
function open(answers: readonly ScriptedTurn[], over: Partial<AgentProfile['spending']> = {}) {
  const ports = {
    ...memoryAgentPorts(answers),
    openModel: async (id: string): Promise<never> => {
      throw new Fault('invalid', `${id} needs a key`);
    },
  };
  const { data, store, ledger, journal, outbox, chat, clock, bus, model } = ports;
  const compute = new MemoryCompute();
  const directory = new MemoryDirectory();
  const spending = { priceOf: () => PRICE, capNanoUsd: toNanoUsd(CAP_USD), ...over };
  let whileLooking = async (): Promise<void> => undefined;
  const profile: AgentProfile = {
    system: 'You are a test.',
    tools: [
      defineTool({
        name: 'look',
        description: 'look',
        access: 'reads',
        input: z.object({}),
        run: async () => {
          await whileLooking();
          return said('seen');
        },
      }),
    ],
    limits: { ...DEFAULT_TURN_LIMITS, maxOutputTokens: MOST_OUTPUT },
    patience: DEFAULT_PATIENCE,
    spending,
    directory,
    endProcesses: async () => 0,
  };
  const rules = {
    admins: undefined,
    allowedBots: [],
    catalog: BUILT_IN_MODELS,
    models: [model.id],
    providers: ['anthropic'],
    capNanoUsd: spending.capNanoUsd,
  };
  let messages = 0;
  const session = async () => (await store.findSession(THREAD))!;
  return {
    ...{ data, store, ledger, journal, clock, model, compute, directory, ports, session },
    whileLooking: (act: () => Promise<void>) => void (whileLooking = act),
    async say(text: string) {
      messages += 1;
      const ingress = { store, ledger, access: new MemoryAccess(), bus, clock, logger: silentLogger };
      const from = { origin: THREAD, requester: ADA, workspace: 'slack:T', isBot: false };
      const at = { messageKey: `slack:T/C/1.${messages}`, receivedAtMs: clock.nowMs() };
      await handleChatEvent(ingress, rules, {
        ...{ kind: 'said', text, files: [], isAddressed: true },
        ...from,
        ...at,
      });
    },
    /** At the command line of the twin. */
    async setBudget(usd: number) {
      messages += 1;
      const desk = { store, bus, clock, logger: silentLogger, random: { id: () => `typed-${messages}` } };
      await setWishes(desk, await session(), 'local:ada', { capNanoUsd: toNanoUsd(usd) });
    },
    /** Another machine, which knows the one before it dead, works until nothing is left to do. */
    async work(changes: Partial<AgentPorts> = {}, timing = DEFAULT_SESSION_TIMING) {
      const { id, revision, generation: before } = await session();
      const generation = before + 1;
      await store.change(id, revision, { generation });
      const worker = { sessionId: id, holder: `agent-${generation}`, generation };
      return runSession({ ...ports, ...changes }, worker, profile, timing);
    },
    manage: () =>
      sweep(
        { ...ports, store, outbox, compute, directory },
        { name: 'manager', timing: DEFAULT_MANAGER_TIMING },
      ),
    machines: async () => (await compute.list({ limit: 9 })).items.length,
    posts: () => chat.seen(THREAD),
    /** Commands that were offered to be clicked. */
    offered: () => chat.posts.flatMap(({ commands = [] }) => commands),
    money: async () => {
      const { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd } = await ledger.report(
        `session:${(await session()).id}`,
      );
      return {
        reserved: toUsd(reservedNanoUsd),
        spent: Number(toUsd(spentNanoUsd).toFixed(3)),
        estimated: Number(toUsd(estimatedNanoUsd).toFixed(3)),
      };
    },
    outcomes: async () =>
      (await store.readInbox((await session()).id, 0)).map(({ outcome }) => outcome?.kind),
  };
}

type World = ReturnType<typeof open>;

let world: World;
beforeEach(() => {
  world = open([]);
});

describe('a session near its cap', () => {
  const near = () => world.posts().filter((body) => body.startsWith('I have used most of this session'));

  it('asks for more while it works on, once for each cap', async () => {
    world = open([step(0.9), step(0.8), step(0.05), done()], { capNanoUsd: toNanoUsd(2.1) });
    await world.say('Fix the fare.');
    await world.work();
    expect(near()).toEqual([expect.stringContaining('$1.70 of $2.10')]);
    expect(world.offered()).toContain('budget 5');
  });

  it('asks anew near the next one', async () => {
    world = open([step(0.9), step(0.9), step(0.9), done(0.5)]);
    await world.say('Fix the fare.');
    await world.work();
    await world.say('budget 4');
    await world.work();
    expect(near()).toEqual([expect.stringContaining('$1.80 of $2.00'), expect.stringContaining('of $4.00')]);
  });
});

describe('a month’s cap', () => {
  it.each([
    ['all', 'all sessions together', 'SWE_BUDGET_MONTH_USD'],
    ['requester', 'whoever asked for this', 'SWE_BUDGET_REQUESTER_MONTH_USD'],
    ['repository', 'work in https://github.com/a/b', 'SWE_BUDGET_REPOSITORY_MONTH_USD'],
  ] as const)(
    'for %s ends the turn with whose it is and what raises it, and next month it goes on',
    async (whose, words, variable) => {
      world = open([step(0.9), done(0.9)], { monthly: { [whose]: toNanoUsd(1.5) } });
      await world.say('Fix the fare.');
      const { id, revision } = await world.session();
      await world.store.change(id, revision, { repositories: ['https://github.com/a/b'] });
      expect((await world.work()).outcome).toMatchObject({ kind: 'answered', asksBack: true });
      const told = world.posts().at(-1);
      for (const part of [words, variable, '$0.90 of $1.50']) expect(told).toContain(part);

      await world.clock.advance(31 * 24 * 60 * 60_000);
      await world.say('Go on.');
      await world.work();
      expect(world.posts().at(-1)).toBe('Done.');
      world.model.assertDone();
    },
  );
});

describe('a cap that others spend under as well', () => {
  const SHOP = 'https://github.com/a/b';
  const near = () => world.posts().filter((body) => body.startsWith('Most of this month'));
  /** What others spend of everybody's month meanwhile. */
  async function othersSpend(usd: number): Promise<void> {
    const key = { sessionId: 'another', callNumber: 1 };
    const everybody = [{ name: monthScope(monthOf(world.clock.nowMs())) }];
    await world.ledger.reserve(key, everybody, toNanoUsd(usd));
    await world.ledger.settle(key, toNanoUsd(usd), false);
  }
  const openUnder = (answers: readonly ScriptedTurn[], all: number): void => {
    world = open(answers, { capNanoUsd: toNanoUsd(100), monthly: { all: toNanoUsd(all) } });
  };

  it.each([
    ['all', 'all sessions together', 'SWE_BUDGET_MONTH_USD'],
    ['requester', 'whoever asked for this', 'SWE_BUDGET_REQUESTER_MONTH_USD'],
    ['repository', `work in ${SHOP}`, 'SWE_BUDGET_REPOSITORY_MONTH_USD'],
  ] as const)('that of %s is told of once, near it, with what raises it', async (whose, words, variable) => {
    const monthly = { [whose]: toNanoUsd(3) };
    world = open([step(0.9), step(0.9), step(0.7), done()], { capNanoUsd: toNanoUsd(100), monthly });
    await world.say('Fix the fare.');
    const { id, revision } = await world.session();
    await world.store.change(id, revision, { repositories: [SHOP] });
    await world.work();
    expect(near()).toEqual([expect.stringContaining('$2.50 of $3.00')]);
    for (const part of [words, variable]) expect(near()[0]).toContain(part);
    expect(world.offered()).toEqual([]);
  });

  it('is told of by who works while others bring it near', async () => {
    openUnder([step(0.1), done()], 10);
    await world.say('Fix the fare.');
    world.whileLooking(() => othersSpend(8));
    await world.work();
    expect(near()).toEqual([expect.stringContaining('$8.20 of $10.00')]);
  });

  it('is not told of by who begins when it is near', async () => {
    openUnder([step(0.1), done()], 10);
    await othersSpend(8);
    await world.say('Fix the fare.');
    await world.work();
    expect(near()).toEqual([]);
  });

  it('that can’t be looked up for a moment keeps nobody from working', async () => {
    openUnder([step(0.9), done(0.8)], 2);
    await world.say('Fix the fare.');
    const month = monthScope(monthOf(world.clock.nowMs()));
    const report: Ledger['report'] = async (scope) => {
      if (scope === month) throw new Fault('throttled', 'later');
      return world.ledger.report(scope);
    };
    await world.work({ ledger: { ...methodsOf(world.ledger), report } });
    expect(near()).toEqual([]);
    expect(await world.money()).toMatchObject({ spent: 1.7, estimated: 0 });
  });

  it('is not told of again by whoever takes over', async () => {
    openUnder([step(0.9), step(0.9), done()], 2);
    await world.say('Fix the fare.');
    let looks = 0;
    const append: AgentPorts['journal']['append'] = async (write) => {
      const isLook = write.entries.some(({ kind }) => kind === 'tool-finished');
      if (isLook && (looks += 1) === 2) throw new Error('killed');
      return world.journal.append(write);
    };
    const { journal } = world;
    const dying = { read: (id: string, from: number) => journal.read(id, from), append };
    await expect(world.work({ journal: dying })).rejects.toThrow('killed');
    await world.work();
    expect(near()).toHaveLength(1);
  });
});

it('a call that goes on past midnight counts in the month in which it began', async () => {
  world = open([done(0.9)]);
  const untilMidnightMs = (nowMs: number): number => {
    const now = new Date(nowMs);
    return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - nowMs;
  };
  await world.clock.advance(untilMidnightMs(world.clock.nowMs()) - 1_000);
  const before = monthOf(world.clock.nowMs());
  await world.say('Fix the fare.');
  const settle: Ledger['settle'] = async (...args) => {
    await world.clock.advance(2_000);
    return world.ledger.settle(...args);
  };
  await world.work({ ledger: { ...methodsOf(world.ledger), settle } });
  const after = monthOf(world.clock.nowMs());
  expect(after).not.toBe(before);
  expect((await world.ledger.report(monthScope(before))).spentNanoUsd).toBeCloseTo(toNanoUsd(0.9), -6);
  expect(await world.ledger.report(monthScope(after))).toMatchObject({ reservedNanoUsd: 0, spentNanoUsd: 0 });
});

describe('a session at its cap', () => {
  it('makes no further call, says so in its thread, and goes on by itself once it is granted more', async () => {
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    expect((await world.work()).outcome).toMatchObject({ kind: 'answered', asksBack: true });
    expect(world.model.requests).toHaveLength(2);
    expect(world.posts().at(-1)).toMatch(
      /\$1\.80 of \$2\.00 spent[^]*up to \$1\.00[^]*`budget <US dollars>`/,
    );

    await world.manage();
    expect(await world.machines()).toBe(0);
    await world.say('budget 20');
    await world.manage();
    expect(await world.machines()).toBe(1);

    await world.work();
    expect(world.posts().slice(-2)).toEqual([expect.stringContaining('$20.00 now; $1.80 is spent'), 'Done.']);
    expect(await world.outcomes()).toEqual(['answered', 'command-result']);
    expect(world.posts().join()).not.toContain('**Waiting for you**');
    expect(world.posts().filter((body) => body.startsWith('**Done**'))).toHaveLength(1);
    expect(await world.session()).toMatchObject({ status: 'waiting', lastTurn: 'answered' });
    world.model.assertDone();

    const { retryAtMs, deniedCapNanoUsd, generation } = await world.session();
    expect({ retryAtMs, deniedCapNanoUsd }).toEqual({});
    await world.manage();
    expect((await world.session()).generation).toBe(generation);
  });

  it('goes on with a machine that is still there', async () => {
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    const last = world.ports.store.releaseLease.bind(world.store);
    let isGranted = false;
    world.store.releaseLease = async (...args) => {
      if (!isGranted) {
        isGranted = true;
        await world.say('budget 20');
      }
      return last(...args);
    };
    await world.work();
    expect(world.posts().at(-1)).toBe('Done.');
    world.model.assertDone();
  });

  it('goes on where more was granted in the very moment in which it was denied', async () => {
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    let denials = 0;
    const reserve: Ledger['reserve'] = (...args) =>
      world.ledger.reserve(...args).catch(async (error: unknown) => {
        denials += 1;
        await world.say('budget 20');
        throw error;
      });
    await world.work({ ledger: { ...methodsOf(world.ledger), reserve } });
    expect(denials).toBe(1);
    expect(world.posts().at(-1)).toBe('Done.');
    world.model.assertDone();
  });

  it('goes on after a death in the middle of what was granted', async () => {
    world = open([step(0.9), step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    await world.work();
    await world.say('budget 20');
    const killed = new Error('killed');
    let isDead = false;
    world.whileLooking(async () => {
      isDead = true;
    });
    const append: AgentPorts['journal']['append'] = (write) =>
      isDead ? Promise.reject(killed) : world.journal.append(write);
    const mortal = { read: world.journal.read.bind(world.journal), append };
    await expect(world.work({ journal: mortal })).rejects.toThrow('killed');
    await world.work();
    expect(world.posts().at(-1)).toBe('Done.');
    world.model.assertDone();
  });

  it('asks again when it is spoken to, and when it is granted too little', async () => {
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    await world.work();
    await world.say('Go on.');
    await world.work();
    await world.say('budget 2.10');
    await world.work();
    expect(world.posts().filter((body) => body.includes('does not cover my next step'))).toHaveLength(3);
    await world.say('budget 1');
    await world.work();
    expect(world.posts().filter((body) => body.includes('does not cover my next step'))).toHaveLength(3);
    await world.say('budget 3');
    await world.work();
    expect(world.posts().at(-1)).toBe('Done.');
    expect(await world.outcomes()).toEqual(
      ['answered', 'command-result'].flatMap((kind, i) => Array(i === 0 ? 2 : 3).fill(kind)),
    );
  });

  it.each(['stop', 'end'])('does not go on behind a `%s`, with a machine or without', async (command) => {
    for (const isUp of [true, false]) {
      world = open([step(0.9), step(0.9)]);
      await world.say('Fix the fare.');
      await world.work();
      if (isUp) await world.say('budget 20');
      await world.say(command);
      if (isUp) await world.work();
      else await world.manage();
      if (command === 'stop' && !isUp) await world.say('budget 20');
      await world.manage();
      expect(world.posts().at(-1)).toMatch(/Nothing was running|Stopped|Ended|is \$20\.00 now/);
      expect(await world.session()).toMatchObject({ status: command === 'end' ? 'ended' : 'waiting' });
      expect(await world.machines()).toBe(0);
      world.model.assertDone();
    }
  });

  it.each(['while a tool runs', 'during a model call'])(
    'asks for no machine by a budget with a `stop` behind it, %s',
    async (when) => {
      world = open([step(0.9), step(0.9), step(0.1), done()]);
      await world.say('Fix the fare.');
      await world.work();
      await world.say('budget 20');
      const stop = async (): Promise<void> => {
        await world.say('budget 30');
        await world.say('stop');
        for (let polls = 0; polls < 2; polls += 1) await world.clock.advance(1_000);
      };
      if (when === 'while a tool runs') world.whileLooking(stop);
      const { model } = world;
      const asked: LanguageModel = {
        id: model.id,
        async *stream(request, signal) {
          if (when === 'during a model call') await stop();
          yield* model.stream(request, signal);
        },
      };
      await world.work({ models: [asked] });
      expect((await world.session()).lastTurn).toBe('stopped');
      await world.manage();
      expect(await world.machines()).toBe(0);
    },
  );

  it('takes what its person grants in the middle of its work, before the next call', async () => {
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    let looks = 0;
    world.whileLooking(async () => {
      looks += 1;
      if (looks < 2) return;
      await world.say('budget 20');
      await world.clock.advance(0);
    });
    await world.work();
    expect(world.posts().at(-1)).toBe('Done.');
    expect(world.posts().join()).not.toContain('does not cover');
  });

  it.each(['in a thread', 'at the command line'])('goes on with what is granted %s', async (where) => {
    const grant = (): Promise<void> =>
      where === 'in a thread' ? world.say('budget 20') : world.setBudget(20);
    const asked = (): boolean => world.posts().join().includes('does not cover');

    // While a tool runs, so late that nobody has told of it when the next call is wanted.
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    world.whileLooking(async () => void (world.model.requests.length === 2 && (await grant())));
    await world.work();
    expect(world.posts().at(-1)).toBe('Done.');
    expect(asked()).toBe(false);

    // While the agent waits for it.
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    const waiting = world.work({}, { ...DEFAULT_SESSION_TIMING, idleMs: 60_000 });
    for (let seconds = 0; !asked() && seconds < 10; seconds += 1) await world.clock.advance(1_000);
    expect(asked()).toBe(true);
    await grant();
    for (let seconds = 0; seconds < 5; seconds += 1) await world.clock.advance(1_000);
    expect(world.posts().at(-1)).toBe('Done.');
    await world.clock.advance(120_000);
    await waiting;

    // While there is no machine.
    world = open([step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    await world.work();
    await grant();
    await world.manage();
    expect(await world.machines()).toBe(1);
    await world.work();
    expect(world.posts().at(-1)).toBe('Done.');
  });

  it('that has ended is given nothing', async () => {
    world = open([done()]);
    await world.say('Go.');
    await world.say('end');
    await world.work();
    await expect(world.setBudget(20)).rejects.toMatchObject({ kind: 'denied' });
    expect((await world.store.list({ limit: 9 })).items).toHaveLength(1);
  });

  it('is overshot where nothing is reserved: the control', async () => {
    world = open([step(0.9), step(0.9), step(0.9), done()]);
    await world.say('Fix the fare.');
    const reserve: Ledger['reserve'] = (key, scopes, amount) =>
      world.ledger.reserve(
        key,
        scopes.map(({ name }) => ({ name })),
        amount,
      );
    await world.work({ ledger: { ...methodsOf(world.ledger), reserve } });
    expect((await world.money()).spent).toBeGreaterThan(CAP_USD);
  });
});

describe('a session of whom the agent does not work for', () => {
  const guest = { name: 'Ada', isBot: false, isGuest: true, isForeign: false, isKnown: true };

  it('is given no budget and no model by them, before they are refused or after', async () => {
    world = open([]);
    world.directory.people.set(ADA, guest);
    const wishes = ['budget 100000', 'model anthropic/claude-opus-5-5'];
    for (const words of ['Fix the fare.', ...wishes]) await world.say(words);
    await world.work();
    for (const words of wishes) await world.say(words);
    const { capNanoUsd, wishedModel } = await world.session();
    expect({ capNanoUsd, wishedModel }).toEqual({});
    await world.say('history');
    await world.manage();
    expect(await world.machines()).toBe(0);
    expect(world.posts()).toEqual([
      ...wishes.map(() => expect.any(String)),
      expect.stringContaining('you are a guest'),
    ]);
    expect((await world.outcomes()).slice(-3)).toEqual(Array(3).fill('refused'));
  });

  it('obeys them once they are no guest any more, and were heard', async () => {
    world = open([done()]);
    world.directory.people.set(ADA, guest);
    await world.say('Fix the fare.');
    await world.work();
    world.directory.people.set(ADA, { ...guest, isGuest: false });
    await world.say('Fix it now.');
    await world.work();
    await world.say('budget 20');
    expect((await world.session()).capNanoUsd).toBe(toNanoUsd(20));
  });
});

describe('money that a dead process had set aside', () => {
  const killed = new Error('killed');

  it('is given back for a call that was never written down', async () => {
    world = open([done()]);
    await world.say('Go.');
    const append: AgentPorts['journal']['append'] = (write) =>
      write.entries.some(({ kind }) => kind === 'model-call-started')
        ? Promise.reject(killed)
        : world.journal.append(write);
    const mortal = { read: world.journal.read.bind(world.journal), append };
    await expect(world.work({ journal: mortal })).rejects.toThrow('killed');
    expect((await world.money()).reserved).toBeCloseTo(1);
    await world.work();
    expect(await world.money()).toEqual({ reserved: 0, spent: 0.1, estimated: 0 });
  });

  it('is spent, as an estimate, for one that may have gone out', async () => {
    world = open([done(), done()], { capNanoUsd: toNanoUsd(9) });
    await world.say('Go.');
    const settle: Ledger['settle'] = () => Promise.reject(killed);
    await expect(world.work({ ledger: { ...methodsOf(world.ledger), settle } })).rejects.toThrow('killed');
    await world.work();
    expect(await world.money()).toEqual({ reserved: 0, spent: 1.1, estimated: 1 });
  });

  it('is what its bill says, for one whose answer was written down before it was counted', async () => {
    world = open([step(0.2), done()], { capNanoUsd: toNanoUsd(9) });
    await world.say('Go.');
    const settle: Ledger['settle'] = () => Promise.reject(killed);
    await expect(world.work({ ledger: { ...methodsOf(world.ledger), settle } })).rejects.toThrow('killed');
    expect((await world.money()).reserved).toBeCloseTo(1);
    await world.work();
    expect(await world.money()).toEqual({ reserved: 0, spent: 0.3, estimated: 0 });
  });

  it('is nothing for one that was written down and denied', async () => {
    world = open([step(0.9), step(0.9)]);
    await world.say('Go.');
    const end = await world.work();
    expect(end.outcome).toMatchObject({ asksBack: true });
    const { id } = await world.session();
    const entries = await Array.fromAsync(world.journal.read(id, 1));
    const begun = entries.filter(({ kind }) => kind === 'model-call-started');
    expect(begun.length).toBe(world.model.requests.length + 1);
    await world.say('end');
    await world.manage();
    expect(await world.money()).toEqual({ reserved: 0, spent: 1.8, estimated: 0 });
  });

  it('is closed by the manager when the session ends without a machine', async () => {
    world = open([done()]);
    await world.say('Go.');
    await world.work();
    const { id } = await world.session();
    for (const callNumber of [1, 2]) {
      const key = { sessionId: id, callNumber: callNumber + 1 };
      await world.ledger.reserve(key, [{ name: `session:${id}` }], toNanoUsd(1));
    }
    await world.say('end');
    await world.manage();
    expect(await world.session()).toMatchObject({ status: 'ended' });
    expect(await world.money()).toEqual({ reserved: 0, spent: 0.1, estimated: 0 });
  });
});

describe('a call', () => {
  it('is not denied over what the one before it has set aside and not spent, however late that is counted', async () => {
    world = open([step(0.1), done()], { capNanoUsd: toNanoUsd(1.5) });
    await world.say('Go.');
    const settle: Ledger['settle'] = async (...args) => {
      await world.clock.sleep(3_000);
      await world.ledger.settle(...args);
    };
    const run = world.work({ ledger: { ...methodsOf(world.ledger), settle } });
    for (let seconds = 0; seconds < 10; seconds += 1) await world.clock.advance(1_000);
    await run;
    expect(world.posts().at(-1)).toBe('Done.');
    expect(await world.money()).toEqual({ reserved: 0, spent: 0.2, estimated: 0 });
  });

  it('whose vendor refused it costs nothing; one that broke off costs its worst case, as an estimate', async () => {
    const failure = { kind: 'throttled', message: 'slow down' } as const;
    world = open(
      [
        { failure: { ...failure, isUncharged: true } },
        { failure: { kind: 'transient', message: 'broke off' } },
        done(),
      ],
      { capNanoUsd: toNanoUsd(9) },
    );
    await world.say('Go.');
    const run = world.work();
    while (world.model.requests.length < 3) await world.clock.advance(1_000);
    await run;
    expect(await world.money()).toEqual({ reserved: 0, spent: 1.1, estimated: 1 });
  });

  it('whose report has no tokens at all costs its worst case, as an estimate', async () => {
    const turns = [step(0), done()].map((turn) => ({ ...turn, usage: noUsage }));
    world = open(turns, { capNanoUsd: toNanoUsd(9) });
    await world.say('Go.');
    await world.work();
    expect(await world.money()).toEqual({ reserved: 0, spent: 2, estimated: 2 });
  });

  it('of a model whose price nobody knows is not made', async () => {
    world = open([], { priceOf: () => undefined });
    await world.say('Go.');
    expect((await world.work()).outcome).toMatchObject({ kind: 'failed' });
    expect(world.posts().at(-1)).toMatch(/scripted\/test costs[^]*SWE_MODEL_CATALOG/);
    await world.say('And now?');
    await world.work();
    expect(world.posts().filter((body) => body.includes('SWE_MODEL_CATALOG'))).toHaveLength(2);
  });
});

describe('a model that is wished for', () => {
  const haiku = 'anthropic/claude-haiku-5-5';
  const named = (id: string, model: LanguageModel): LanguageModel => ({
    id,
    stream: (request, signal) => model.stream(request, signal),
  });

  it('is asked from the next step on, with those that are set for all behind it, until it is not', async () => {
    const other = new ScriptedLanguageModel([
      step(0.1),
      { failure: { kind: 'denied', message: 'no access', isUncharged: true } },
    ]);
    world = open([step(0.1), done(), done()]);
    await world.say('Go.');
    let looks = 0;
    world.whileLooking(async () => {
      looks += 1;
      if (looks > 1) return;
      await world.say(`model ${haiku}`);
      await world.clock.advance(0);
    });
    const openModel = async (id: string) => named(id, other);
    await world.work({ openModel });
    other.assertDone();
    expect(world.model.requests).toHaveLength(2);
    await world.say('model default');
    await world.say('Once more.');
    await world.work({ openModel });
    world.model.assertDone();
  });

  it('and can’t be had is told of once, and the others go on', async () => {
    world = open([done(), done()]);
    await world.say('Go.');
    await world.say(`model ${haiku}`);
    await world.work();
    await world.say('Again.');
    await world.work();
    expect(world.posts().filter((body) => body.includes(`can't work with ${haiku}`))).toEqual([
      expect.stringMatching(/needs a key[^]*go on with scripted\/test/),
    ]);
    expect(world.posts().filter((body) => body === 'Done.')).toHaveLength(2);
  });
});

describe('the ledger', () => {
  type Seam = 'reserve' | 'settle' | 'append';
  const seams = fc.array(
    fc.record({
      at: fc.constantFrom<Seam>('reserve', 'settle', 'append'),
      nth: fc.integer({ min: 1, max: 6 }),
      when: fc.constantFrom('before', 'after'),
    }),
    { maxLength: 6 },
  );
  const usages = fc.array(fc.record({ tenths: fc.integer({ min: 0, max: 10 }), isReported: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  });

  it('equals the bill for every call whose usage was reported, and is never above the cap, whatever dies', async () => {
    await fc.assert(
      fc.asyncProperty(usages, seams, fc.integer({ min: 1, max: 12 }), async (calls, deaths, capUsd) => {
        const bills = new Map<number, number>();
        let made = 0;
        const answer: ScriptedTurn = () => {
          const { tenths, isReported } = calls[made % calls.length]!;
          const usage = costs(tenths / 10);
          const callNumber = Math.max(...[...world.data.ledger.values()].map(({ key }) => key.callNumber));
          bills.set(callNumber, billNanoUsd(PRICE, usage));
          made += 1;
          if (!isReported) return { failure: { kind: 'transient', message: 'broke off' } };
          return made >= calls.length
            ? { say: 'Done.', usage }
            : { calls: [{ name: 'look', input: {} }], usage };
        };
        world = open(Array(60).fill(answer), { capNanoUsd: toNanoUsd(capUsd) });
        await world.say('Go.');

        const left = [...deaths];
        let end: unknown;
        for (let run = 0; end === undefined && run < 20; run += 1) {
          const mortal = dyingAt(left.shift());
          const working = world
            .work({
              journal: mortal('append', world.journal),
              ledger: mortal('reserve', mortal('settle', world.ledger)),
            })
            .then(
              () => (end = 'ended'),
              (error: unknown) => {
                if (!String(error).includes('killed')) throw error;
              },
            );
          let isOver = false;
          void working.finally(() => (isOver = true)).catch(() => undefined);
          while (!isOver) {
            await world.clock.advance(30_000);
            const { reserved, spent } = await world.money();
            expect(reserved + spent).toBeLessThanOrEqual(capUsd);
          }
          await working;
        }
        expect(end).toBe('ended');

        const records = [...world.data.ledger.values()];
        expect(records.filter(({ state }) => state === 'open')).toEqual([]);
        for (const { key, state, estimated, spentNanoUsd } of records) {
          const bill = bills.get(key.callNumber);
          if (state === 'released') expect(bill).toBeUndefined();
          else if (estimated) expect(spentNanoUsd).toBeGreaterThanOrEqual(bill ?? 0);
          else expect(spentNanoUsd).toBe(bill);
        }
        const settled = records.filter(({ state }) => state === 'settled').map(({ key }) => key.callNumber);
        expect([...bills.keys()].filter((call) => !settled.includes(call))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

function methodsOf(ledger: Ledger): Ledger {
  return {
    reserve: (...args) => ledger.reserve(...args),
    settle: (...args) => ledger.settle(...args),
    release: (key) => ledger.release(key),
    listReserved: (id) => ledger.listReserved(id),
    report: (scope) => ledger.report(scope),
  };
}
