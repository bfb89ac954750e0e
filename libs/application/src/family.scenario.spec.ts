import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { noUsage, sessionIdOf, toNanoUsd, toUsd } from '@swe/domain';
import type { PricedModel, Session } from '@swe/domain';
import { dyingAt, memoryAgentPorts, ScriptedLanguageModel } from '@swe/testing/memory';
import type { Death, ScriptedTurn } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  defineTool,
  runSession,
  said,
} from './agent';
import type { AgentPorts, AgentProfile } from './agent';

/** A call costs a dollar at most: a thousand tokens, and what it reads is next to nothing. */
const PRICE: PricedModel = {
  contextTokens: 1_000_000,
  maxOutputTokens: 100_000,
  prices: { input: 0.0001, output: 1_000, cacheRead: 0.0001, cacheWrite: 0.0001 },
};
const CAP_USD = 5;
const PARENT = 'terminal:parent';
const PARENT_ID = sessionIdOf(PARENT, 1);

const step = (usd: number) => ({
  calls: [{ name: 'look', input: {} }],
  usage: { ...noUsage, inputTokens: 1, outputTokens: usd * 1_000 },
});
const DONE = { say: 'Done.', usage: { ...noUsage, outputTokens: 1 } };

const profile: AgentProfile = {
  system: 'You are a test.',
  tools: [
    defineTool({
      name: 'look',
      description: 'look',
      access: 'reads',
      input: z.object({}),
      run: async () => said('seen'),
    }),
  ],
  limits: { ...DEFAULT_TURN_LIMITS, maxOutputTokens: 1_000 },
  patience: DEFAULT_PATIENCE,
  spending: { priceOf: () => PRICE, capNanoUsd: toNanoUsd(CAP_USD) },
  endProcesses: async () => 0,
};

/** Sessions over one store: a parent, and as many that work for it as are begun. */
function openFamily({ isFamily = true } = {}) {
  const ports = memoryAgentPorts([]);
  const { store, data, clock, chat } = ports;
  const load = async (id: string): Promise<Session> => (await store.load(id))!;
  return {
    ...ports,
    load,
    posts: (origin: string) => chat.seen(origin),
    async say(origin: string, text: string): Promise<string> {
      const who = { origin, requester: 'key:k', addressed: true, receivedAtMs: clock.nowMs() };
      const message = { ...who, messageKey: `${origin} ${text}`, body: { kind: 'text', text } as const };
      const works = isFamily && origin !== PARENT && { session: { parent: PARENT_ID } };
      return (await store.receive(message, () => ({ posts: [], ...works }))).sessionId;
    },
    async setCap(id: string, usd: number): Promise<void> {
      await store.change(id, (await load(id)).revision, { capNanoUsd: toNanoUsd(usd) });
    },
    async work(id: string, answers: readonly ScriptedTurn[], changes: Partial<AgentPorts> = {}) {
      const { revision, generation: before } = await load(id);
      const generation = before + 1;
      await store.change(id, revision, { generation });
      const model = new ScriptedLanguageModel(answers);
      const mine = { ...ports, models: [model] as const, ...changes };
      const worker = { sessionId: id, holder: `agent-${id}-${generation}`, generation };
      return runSession(mine, worker, profile, DEFAULT_SESSION_TIMING);
    },
    /** What all of them have set aside and spent. */
    committedUsd: (): number =>
      toUsd(
        [...data.ledger.values()].reduce(
          (sum, { state, amountNanoUsd, spentNanoUsd }) =>
            sum + (state === 'open' ? amountNanoUsd : state === 'settled' ? spentNanoUsd : 0),
          0,
        ),
      ),
  };
}

describe('a session that works for another', () => {
  it('makes no call that its parent’s budget does not cover, says whose that is, and goes on once it does', async () => {
    const family = openFamily();
    const child = 'terminal:child';
    await family.say(PARENT, 'Go.');
    await family.work(PARENT_ID, [step(1), step(1), step(1), DONE]);
    const id = await family.say(child, 'Go.');
    expect((await family.work(id, [step(1)])).outcome).toMatchObject({ kind: 'answered', asksBack: true });
    const told = family.posts(child).at(-1);
    for (const part of [PARENT_ID, '$4.00 of $5.00', '`budget <US dollars>`, said there']) {
      expect(told).toContain(part);
    }
    expect(family.committedUsd()).toBeLessThan(CAP_USD);

    await family.setCap(PARENT_ID, 9);
    await family.say(child, 'Go on.');
    await family.work(id, [DONE]);
    expect(family.posts(child).at(-1)).toBe('Done.');
  });

  it('is told once when that budget comes near its end, and has nothing to click', async () => {
    const family = openFamily();
    const child = 'terminal:child';
    await family.say(PARENT, 'Go.');
    await family.work(PARENT_ID, [step(1), step(1), DONE]);
    const id = await family.say(child, 'Go.');
    await family.work(id, [step(1), step(1)]);
    const near = family.posts(child).filter((body) => body.startsWith('Most of the budget of session'));
    expect(near).toEqual([expect.stringContaining('$4.00 of $5.00')]);
    expect(family.chat.posts.flatMap(({ commands = [] }) => commands)).toEqual([]);
  });

  it('is let on where its parent was granted more in the very moment in which it was denied', async () => {
    const family = openFamily();
    const child = 'terminal:child';
    await family.say(PARENT, 'Go.');
    await family.work(PARENT_ID, [step(1), step(1), step(1), step(1), DONE]);
    const id = await family.say(child, 'Go.');
    const { ledger } = family;
    const reserve: AgentPorts['ledger']['reserve'] = async (...args) => {
      await family.setCap(PARENT_ID, 9);
      return ledger.reserve(...args);
    };
    const raising: AgentPorts['ledger'] = {
      reserve,
      settle: (...args) => ledger.settle(...args),
      release: (key) => ledger.release(key),
      listReserved: (of) => ledger.listReserved(of),
      report: (scope) => ledger.report(scope),
    };
    await family.work(id, [DONE], { ledger: raising });
    expect(family.posts(child).at(-1)).toBe('Done.');
  });
});

/** What one of a family does: what its steps cost, in tenths of a dollar, how long each takes, and where it dies. */
interface Life {
  readonly tenths: readonly number[];
  readonly msPerCall: number;
  readonly deaths: readonly Death[];
}

const MAX_LIVES = 12;

/** The most that a parent and its children have set aside and spent at any time, all at work at once. */
async function mostOf(lives: readonly Life[], { isFamily }: { readonly isFamily: boolean }): Promise<number> {
  const family = openFamily({ isFamily });
  const origins = lives.map((_life, n) => (n === 0 ? PARENT : `terminal:${n}`));
  const ids = await Promise.all(origins.map((origin) => family.say(origin, 'Go.')));
  let most = 0;
  let left = lives.length;

  async function live(id: string, { tenths, msPerCall, deaths }: Life): Promise<void> {
    let made = 0;
    const answer: ScriptedTurn = async () => {
      await family.clock.sleep(msPerCall);
      made += 1;
      return made > tenths.length ? DONE : step(tenths[made - 1]! / 10);
    };
    for (let life = 0; life < MAX_LIVES; life += 1) {
      const mortal = dyingAt(deaths[life]);
      const { journal, ledger } = family;
      const dying = {
        journal: mortal('append', journal),
        ledger: mortal('reserve', mortal('settle', ledger)),
      };
      try {
        await family.work(id, Array(60).fill(answer), dying);
        return;
      } catch (error) {
        if (!String(error).includes('killed')) throw error;
      }
    }
    throw new Error(`${id} never got through`);
  }

  const working = lives.map((life, n) => live(ids[n]!, life).finally(() => (left -= 1)));
  const over = Promise.all(working);
  over.catch(() => undefined);
  while (left > 0) {
    await family.clock.advance(40);
    most = Math.max(most, family.committedUsd());
  }
  await over;
  return most;
}

describe('a parent and its children, at work at once', () => {
  const death = fc.record<Death>({
    at: fc.constantFrom('reserve', 'settle', 'append'),
    nth: fc.integer({ min: 1, max: 5 }),
    when: fc.constantFrom('before', 'after'),
  });
  const life = fc.record<Life>({
    tenths: fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 5 }),
    msPerCall: fc.integer({ min: 1, max: 200 }),
    deaths: fc.array(death, { maxLength: 3 }),
  });
  const GREEDY: Life = { tenths: [10, 10, 10], msPerCall: 50, deaths: [] };

  it('never spend more than the parent may, whoever of them dies when', async () => {
    const lives = fc.array(life, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lives, async (family) => {
        expect(await mostOf(family, { isFamily: true })).toBeLessThanOrEqual(CAP_USD);
      }),
      { numRuns: 40 },
    );
  });

  it('come up to that where they want more', async () => {
    expect(await mostOf([GREEDY, GREEDY, GREEDY], { isFamily: true })).toBeGreaterThan(CAP_USD - 1);
  });

  it('spend more where the children are counted for themselves alone: the control', async () => {
    expect(await mostOf([GREEDY, GREEDY, GREEDY], { isFamily: false })).toBeGreaterThan(CAP_USD);
  });
});
