import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Fault, noUsage, text, textOf, toNanoUsd } from '@swe/domain';
import type {
  Journal,
  JournalEntry,
  LanguageModel,
  ModelMessage,
  ModelRequest,
  NewJournalEntry,
  PricedModel,
} from '@swe/domain';
import { memoryAgentPorts, ScriptedLanguageModel, silentLogger } from '@swe/testing/memory';
import type { ScriptedAnswer, ScriptedTurn } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  defineTool,
  runSession,
} from './agent';
import type { AgentPorts, AgentProfile, SpendingRules, Tool } from './agent';
import { readResult } from './tools/read-result';
import { todo } from './tools/todo';

const ORIGIN = 'terminal:test';
const SYSTEM = 'You are a test.';
const CHEAP = 'scripted/cheap';
/** Its conversations are made shorter from 21,600 tokens on: of words that nobody counted, from 54,000 bytes. */
const SMALL: PricedModel = {
  contextTokens: 25_000,
  maxOutputTokens: 1_000,
  prices: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
};
const SUMMARY =
  '## Findings\nThe total is off.\n\n## Decisions\nNone.\n\n## Done\nNone.\n\n## Open\nAll of it.';
const OUTPUT_BYTES = 1_500;

/** Of every folder that is entered. */
const RULES = `Never touch the ledger. ${'Nor anything near it. '.repeat(250)}`;

/** A shell that prints so many bytes and records what it ran. */
const shell: Tool = defineTool({
  name: 'bash',
  description: 'bash',
  access: 'acts',
  input: z.object({ command: z.string(), bytes: z.int().optional() }),
  run: async ({ command, bytes = OUTPUT_BYTES }) => ({
    content: [text(`${command}: ${'o'.repeat(bytes)}`)],
    touched: command.startsWith('./enter') ? [command] : [],
    ran: { command, cwd: '/w', exitCode: 0 },
  }),
});

interface Options {
  readonly summaries?: readonly ScriptedTurn[];
  readonly spending?: Partial<SpendingRules>;
  readonly price?: Partial<PricedModel>;
}

/** A session with a model of a small window, and a cheap one that sums up. */
function open(answers: readonly ScriptedTurn[], { summaries = [], spending = {}, price = {} }: Options = {}) {
  const { model, ...others } = memoryAgentPorts(answers);
  const { store, journal, ledger, chat, clock } = others;
  const script = new ScriptedLanguageModel(summaries);
  const cheap: LanguageModel = { id: CHEAP, stream: (request, signal) => script.stream(request, signal) };
  const warnings: string[] = [];
  const warn = (event: string) => void warnings.push(event);
  const ports: AgentPorts = {
    ...others,
    openModel: async () => cheap,
    logger: { ...silentLogger, warn, with: () => ports.logger },
  };
  const profile: AgentProfile = {
    system: SYSTEM,
    tools: [shell, readResult(), todo()],
    limits: { ...DEFAULT_TURN_LIMITS, maxOutputTokens: 1_000 },
    patience: DEFAULT_PATIENCE,
    spending: {
      priceOf: () => ({ ...SMALL, ...price }),
      capNanoUsd: toNanoUsd(100),
      summariserOf: () => CHEAP,
      ...spending,
    },
    endProcesses: async () => 0,
    loadRules: async (touched, { rules }) =>
      touched.filter((path) => !rules.has(path)).map((path) => ({ path, text: RULES })),
  };
  let sessionId = '';
  let generation = 0;
  let messages = 0;
  return {
    ...{ model, script, cheap, journal, ledger, warnings },
    posts: () => chat.seen(ORIGIN),
    async say(words: string) {
      messages += 1;
      const said = { messageKey: `m${messages}`, origin: ORIGIN, requester: 'local:ada', addressed: true };
      const body = { kind: 'text', text: words } as const;
      ({ sessionId } = await store.receive({ ...said, body, receivedAtMs: clock.nowMs() }));
    },
    /** A machine, the one before it being dead for certain. */
    async work(over: Partial<AgentPorts> = {}) {
      const session = await store.load(sessionId);
      generation += 1;
      await store.change(sessionId, session!.revision, { generation });
      const worker = { sessionId, holder: `agent-${generation}`, generation };
      return runSession({ ...ports, ...over }, worker, profile, DEFAULT_SESSION_TIMING);
    },
    ports,
    entries: (): Promise<JournalEntry[]> => Array.fromAsync(journal.read(sessionId, 1)),
    money: () => ledger.report(`session:${sessionId}`),
  };
}

const run = (command: string, bytes?: number): ScriptedTurn => ({
  calls: [{ name: 'bash', input: { command, ...(bytes !== undefined && { bytes }) } }],
});
const steps = (count: number, name = 'step'): ScriptedTurn[] =>
  Array.from({ length: count }, (_, i) => run(`./${name}-${i + 1}`));
const done: ScriptedTurn = { say: 'Done.' };

const shown = (request: ModelRequest | undefined): string => JSON.stringify(request?.messages);
const compactionsIn = (entries: readonly JournalEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'context-compacted' ? [entry] : []));
const wordsIn = (message: ModelMessage | undefined): string =>
  textOf((message?.content ?? []).flatMap((part) => (part.type === 'tool-result' ? part.content : [part])));

describe('a long session', () => {
  const PLAN: ScriptedTurn = {
    calls: [
      {
        name: 'todo',
        input: {
          items: [{ text: 'Fix the rounding', status: 'doing' }],
          decisions: ['Cents are whole numbers'],
        },
      },
    ],
  };

  it('that outgrows its model twice keeps the words of the person, the plan and what was run', async () => {
    const answers = [run('./migrate'), PLAN, ...steps(20), done, ...steps(30, 'later'), done];
    const world = open(answers, { summaries: [{ say: SUMMARY }, { say: SUMMARY }] });
    await world.say('Fix the fare, and mind "the cents".');
    await world.work();
    await world.say('And now the taxes: 1 < 2 & 3.');
    await world.work();

    expect(world.posts()).toEqual(['Done.', 'Done.']);
    const compactions = compactionsIn(await world.entries());
    expect(compactions.map(({ fromSeq }) => fromSeq)).toEqual([
      compactions[0]?.fromSeq,
      compactions[0]?.fromSeq,
    ]);
    const last = world.model.requests.at(-1);
    expect(shown(last)).toContain(JSON.stringify('Fix the fare, and mind "the cents".'));
    expect(shown(last)).toContain(JSON.stringify('And now the taxes: 1 < 2 & 3.'));
    const record = textOf(compactions[1]?.replacement ?? []);
    for (const line of ['./migrate', './step-20', 'doing: Fix the rounding', '- Cents are whole numbers']) {
      expect(record).toContain(line);
    }
    expect(record).toContain('The total is off.');
    expect(shown(last)).not.toContain('./step-12: o');
    world.model.assertDone();
    world.script.assertDone();
  });

  it('keeps the rules of folders that it has left long ago, word for word', async () => {
    const answers = [...steps(8), run('./enter-the-mint'), ...steps(22), done, ...steps(30, 'later'), done];
    const world = open(answers, { summaries: [{ say: SUMMARY }, { say: SUMMARY }] });
    await world.say('Go.');
    await world.work();
    await world.say('And on.');
    await world.work();
    expect(compactionsIn(await world.entries()).length).toBeGreaterThan(1);
    const last = shown(world.model.requests.at(-1));
    expect(last).not.toContain('./enter-the-mint: o');
    expect(last.split(JSON.stringify(RULES))).toHaveLength(2);
  });

  it('is sent with the same bytes by whoever resumes it', async () => {
    const world = open([...steps(40), done], { summaries: [{ say: SUMMARY }] });
    await world.say('Go.');
    await expect(world.work({ journal: dyingAt(world, isAnswerAfterCompaction) })).rejects.toThrow(
      'power cut',
    );
    const sent = world.model.requests.at(-1);
    expect(shown(sent)).toContain('The total is off.');
    const calls = world.model.requests.length;
    await world.work();
    expect(shown(world.model.requests[calls])).toBe(shown(sent));
    world.model.assertDone();
  });

  it('whose machine dies in the middle of a compaction goes on, and every call is counted once', async () => {
    const spent = { ...noUsage, inputTokens: 1_000_000 };
    const world = open([...steps(40), done], {
      summaries: [
        { say: SUMMARY, usage: spent },
        { say: SUMMARY, usage: spent },
      ],
    });
    await world.say('Go.');
    const isCompaction = (entries: readonly NewJournalEntry[]): boolean =>
      entries.some(({ kind }) => kind === 'context-compacted');
    await expect(world.work({ journal: dyingAt(world, isCompaction) })).rejects.toThrow('power cut');
    await world.work();
    expect(world.posts()).toEqual(['Done.']);
    expect(compactionsIn(await world.entries())).toHaveLength(1);
    const { reservedNanoUsd, spentNanoUsd } = await world.money();
    expect(reservedNanoUsd).toBe(0);
    expect(spentNanoUsd).toBeGreaterThanOrEqual(toNanoUsd(2));
    world.model.assertDone();
    world.script.assertDone();
  });

  it.each<[string, readonly ScriptedTurn[], Partial<SpendingRules>?]>([
    ['says nothing', [{ say: ' ' }]],
    ['says something else', [{ say: 'Sure! Here is what happened.' }]],
    ['leaves out a part of the form', [{ say: SUMMARY.replace('## Done', '## Well') }]],
    ['does not come to an end', [{ say: `${SUMMARY}${' And so on.'.repeat(2_000)}` }]],
    ['is cut off', [{ say: SUMMARY, stop: 'max-tokens' }]],
    ['fails', [{ failure: { kind: 'throttled', message: 'slow down' } }]],
    ['breaks its promise and throws', []],
    ['is too dear', [], { priceOf: (id) => (id === CHEAP ? undefined : SMALL) }],
    ['does not exist', [], { summariserOf: () => undefined }],
  ])(
    'loses nothing that is copied when the model that sums up %s',
    async (_name, summaries, spending = {}) => {
      const world = open([run('./migrate'), ...steps(40), done], { summaries, spending });
      await world.say('Mind the cents.');
      await world.work();
      expect(world.posts()).toEqual(['Done.']);
      const [compaction] = compactionsIn(await world.entries());
      expect(compaction?.replacement).toHaveLength(1);
      expect(shown(world.model.requests.at(-1))).toMatch(/Mind the cents\.[^]*exit 0 in \/w: \.\/migrate/);
      world.model.assertDone();
    },
  );

  it('is summed up by its own model where the cheap one cannot be opened', async () => {
    const orSumUp =
      (step: ScriptedTurn): ScriptedTurn =>
      ({ system }) =>
        system === SYSTEM ? (step as ScriptedAnswer) : { say: SUMMARY };
    const world = open([...steps(40).map(orSumUp), done]);
    await world.say('Go.');
    await world.work({
      openModel: async (id) => {
        throw new Fault('invalid', `${id} needs a key`);
      },
    });
    expect(shown(world.model.requests.at(-1))).toContain('The total is off.');
    expect(world.warnings).toEqual(['summariser.unopened']);
    world.model.assertDone();
  });

  it('sets aside for another model what is left of it, not all that it ever was', async () => {
    const refused: ScriptedTurn = {
      failure: { kind: 'denied', message: 'no access', isUncharged: true },
    };
    const priceOf = (id: string): PricedModel =>
      id === CHEAP ? { ...SMALL, contextTokens: 1_000_000 } : SMALL;
    const world = open([...steps(100), refused], {
      spending: { priceOf, summariserOf: () => undefined },
      summaries: [done],
    });
    await world.say('Go.');
    const wanted: number[] = [];
    const { ledger } = world.ports;
    const reserve: typeof ledger.reserve = (key, scopes, nanoUsd) => {
      wanted.push(nanoUsd);
      return ledger.reserve(key, scopes, nanoUsd);
    };
    const counting = {
      reserve,
      settle: ledger.settle.bind(ledger),
      release: ledger.release.bind(ledger),
      listReserved: ledger.listReserved.bind(ledger),
      report: ledger.report.bind(ledger),
    };
    await world.work({ models: [world.model, world.cheap], ledger: counting });
    expect(world.posts()).toEqual(['Done.']);
    const shownBytes = Buffer.byteLength(shown(world.script.requests.at(-1)));
    expect(wanted.at(-1)).toBeLessThan(toNanoUsd((1.5 * shownBytes) / 1_000_000));
  });

  it('shows bulky old results in short, and gives all of one that is asked for', async () => {
    const big = Array.from({ length: 12 }, (_, i) => run(`./big-${i + 1}`, 6_000));
    const again: ScriptedTurn = { calls: [{ name: 'read_result', input: { callId: 'call-1-1' } }] };
    const world = open([...big, again, done]);
    await world.say('Go.');
    await world.work();
    const [asked, last] = world.model.requests.slice(-2);
    expect(wordsIn(asked?.messages[2])).toMatch(
      /^\.\/big-1: o+\n\[harness\] About \d+ bytes[^]*callId "call-1-1"/,
    );
    expect(wordsIn(last?.messages.at(-1))).toBe(`./big-1: ${'o'.repeat(6_000)}`);
    expect((await world.entries()).filter(({ kind }) => kind === 'results-shortened')).toHaveLength(1);
    world.model.assertDone();
  });

  it('that its provider finds too long is made shorter, and goes on', async () => {
    const world = open([...steps(12), { stop: 'context-full' }, done], { summaries: [{ say: SUMMARY }] });
    await world.say('Mind the cents.');
    await world.work();
    expect(world.posts()).toEqual(['Done.']);
    const [refused, taken] = world.model.requests.slice(-2).map(shown);
    expect(taken?.length).toBeLessThan((refused?.length ?? 0) * 0.8);
    expect(taken).toContain('Mind the cents.');
  });

  it('that its provider finds too long whatever is left out ends in words', async () => {
    const full: ScriptedTurn = { stop: 'context-full' };
    const world = open([...steps(12), full, full, full, full, full], {
      spending: { summariserOf: () => undefined },
    });
    await world.say('Mind the cents.');
    expect((await world.work()).outcome).toMatchObject({ kind: 'failed' });
    expect(world.posts().at(-1)).toMatch(/no longer fits[^]*new session/);
  });

  it('in which people wrote more than can be kept in mind asks them what still counts', async () => {
    const world = open([...steps(25), done]);
    await world.say(`Mind the cents. ${'And this. '.repeat(2_500)}`);
    expect((await world.work()).outcome).toMatchObject({ kind: 'answered', asksBack: true });
    expect(world.posts().at(-1)).toMatch(/What of it still counts\?/);
    const asked = world.model.requests.length;
    await world.say('All of it.');
    await world.work();
    expect(world.model.requests).toHaveLength(asked);
  });

  it('warns once when its provider reads less from its cache than it should, twice in a row', async () => {
    const look = (read: number, written: number): ScriptedTurn => ({
      ...(run('./look', 1) as object),
      usage: { ...noUsage, inputTokens: 1, cacheReadTokens: read, cacheWriteTokens: written },
    });
    const world = open([look(0, 900), look(900, 90), look(0, 999), look(0, 999), look(0, 999), done]);
    await world.say('Go.');
    await world.work();
    expect(world.warnings).toEqual(['cache.missed']);
  });
});

type World = ReturnType<typeof open>;

/** The journal of a machine that dies in the first write of this kind: nothing of it is written. */
function dyingAt({ journal }: World, isLast: (entries: readonly NewJournalEntry[]) => boolean): Journal {
  return {
    read: (sessionId, fromSeq) => journal.read(sessionId, fromSeq),
    append: async (write) => {
      if (isLast(write.entries)) throw new Error('power cut');
      return journal.append(write);
    },
  };
}

/** The answer to the first request that has a replacement in it. */
const isAnswerAfterCompaction = (entries: readonly NewJournalEntry[]): boolean => {
  const [answer] = entries.flatMap((entry) => (entry.kind === 'model-call-finished' ? [entry] : []));
  return answer?.purpose === undefined && (answer?.callNumber ?? 0) > 36;
};
