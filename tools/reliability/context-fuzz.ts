import { replacementOf } from '@swe/application/agent';
import {
  buildContext,
  compactionFor,
  contextWindow,
  createContext,
  estimateTokens,
  FREE,
  JOURNAL_VERSION,
  text,
} from '@swe/domain';
import type {
  AssistantContent,
  Compaction,
  JournalEntry,
  LoadedRule,
  ModelMessage,
  NewJournalEntry,
} from '@swe/domain';
import { chanceOf } from './chance';
import type { Chance } from './chance';
import type { ContextProtection } from './context-protection';
import { transcriptProblem } from './transcript-check';

export interface ContextViolations {
  /** Requests that every provider refuses: roles, calls without their result. */
  readonly invalid: number;
  /** Requests of more tokens than the model takes, where its tokens are no shorter than most models'. */
  readonly overLimit: number;
  /** Requests without a message of the person's, byte for byte. */
  readonly lostWords: number;
  /** Requests without a rule that came with a result, byte for byte, and without a word of that it is left out. */
  readonly lostRules: number;
  /** Requests that don't begin with the bytes of the one before, although nothing was compacted. */
  readonly brokenPrefixes: number;
  /** Compactions that leave the conversation at its limit, or close to it. */
  readonly loops: number;
  /** Conversations that are not the same, byte for byte, once their journal is read again. */
  readonly otherBytes: number;
  /** Sessions that got no shorter for all that their provider refused. */
  readonly stuck: number;
  /** Replacements that are longer than their room, or miss the newest command. */
  readonly badRecords: number;
}

export const NO_CONTEXT_VIOLATIONS: ContextViolations = {
  invalid: 0,
  overLimit: 0,
  lostWords: 0,
  lostRules: 0,
  brokenPrefixes: 0,
  loops: 0,
  otherBytes: 0,
  stuck: 0,
  badRecords: 0,
};

export interface ContextFuzzResult {
  readonly requests: number;
  readonly shortenings: number;
  readonly cuts: number;
  /** Histories in which a person had to be asked, or told that nothing fits any more. */
  readonly given: { readonly pinned: number; readonly full: number };
  readonly violations: ContextViolations;
  /** Seeds of the histories in which something went wrong. */
  readonly failures: readonly { readonly seed: number; readonly violations: ContextViolations }[];
}

const LETTERS = 'etaoin shrdlu cmfwyp vbgkqj xz ';
const MOST_STEPS = 40;
/** In a row, after which an agent gives up. */
const MOST_REFUSALS = 5;
const MODEL = 'scripted/fuzz';

/**
 * Histories of long sessions with a small window, as an agent would write them: messages, answers with calls, results of
 * all sizes, providers that count their tokens and others that don't. The same seed gives the same histories.
 */
export function contextFuzz(seed: number, histories: number, without?: ContextProtection): ContextFuzzResult {
  const total = { requests: 0, shortenings: 0, cuts: 0 };
  const given = { pinned: 0, full: 0 };
  let violations = NO_CONTEXT_VIOLATIONS;
  const failures: { readonly seed: number; readonly violations: ContextViolations }[] = [];
  for (let at = seed; at < seed + histories; at += 1) {
    const one = fuzzOne(at, without);
    total.requests += one.requests;
    total.shortenings += one.shortenings;
    total.cuts += one.cuts;
    if (one.given !== undefined) given[one.given] += 1;
    violations = added(violations, one.violations);
    if (Object.values(one.violations).some((count) => count > 0)) {
      failures.push({ seed: at, violations: one.violations });
    }
  }
  return { ...total, given, violations, failures };
}

function fuzzOne(seed: number, without: ContextProtection | undefined) {
  const chance = chanceOf(seed);
  const contextTokens = 10_000 + chance.integer(30_000);
  const maxOutputTokens = 500 + chance.integer(4_000);
  const window = contextWindow({ ...FREE, contextTokens }, maxOutputTokens);
  const asked = { modelId: MODEL, fixedBytes: 500 + chance.integer(6_000) };
  /** Of the model's own tokenizer, which nobody here knows. */
  const isDense = chance.happens(0.1);
  const tokensPerByte = isDense ? 0.5 + 0.5 * chance.fraction() : 0.15 + 0.2 * chance.fraction();
  const reports = chance.happens(0.8);
  const counts = { requests: 0, shortenings: 0, cuts: 0 };
  const violations = { ...NO_CONTEXT_VIOLATIONS };
  const context = createContext();
  const lines = createLines();
  const entries: JournalEntry[] = [];
  const said: string[] = [];
  const rules: LoadedRule[] = [];
  let calls = 0;
  let before: readonly string[] = [];

  function add(...facts: readonly NewJournalEntry[]): void {
    for (const fact of facts) {
      const entry: JournalEntry = { ...fact, seq: entries.length + 1, v: JOURNAL_VERSION };
      entries.push(entry);
      context.add(entry);
    }
  }

  function say(): void {
    const words = wordsOf(chance, chance.happens(0.1) ? 3_000 : 300);
    said.push(words);
    const message = { kind: 'message-admitted', atMs: 0, requester: 'local:ada' } as const;
    add({ ...message, inboxSeq: said.length, content: [text(words)] });
  }

  /** What no longer fits, if anything. */
  function fit(): 'pinned' | 'full' | undefined {
    const compaction = without?.id === 'fitting' ? undefined : compactionFor(context, window, asked);
    if (compaction === undefined) return undefined;
    if (compaction.do === 'nothing-fits') return compaction.because;
    before = [];
    if (compaction.do === 'shorten') counts.shortenings += 1;
    else counts.cuts += 1;
    add(...entriesOf(compaction));
    const left = estimateTokens(context.size, { ...asked, inputTokens: window.inputTokens });
    if (left > 0.93 * window.limitTokens) violations.loops += 1;
    if (compactionFor(context, window, asked) !== undefined) violations.loops += 1;
    return undefined;
  }

  function entriesOf(compaction: Exclude<Compaction, { do: 'nothing-fits' }>): readonly NewJournalEntry[] {
    const results = [...compaction.results];
    const shortened = results.length > 0 ? [{ kind: 'results-shortened', atMs: 0, results } as const] : [];
    if (compaction.do === 'shorten') return shortened;
    const { fromSeq, toSeq, keeps, roomBytes, rulesBytes } = compaction;
    const summary = chance.happens(0.5) ? wordsOf(chance, roomBytes * 0.3) : undefined;
    const range = without?.id === 'rules' ? { ...compaction, toSeq: 0 } : compaction;
    const replacement = replacementOf(entries, range, summary);
    const bytes = replacement.reduce((sum, words) => sum + Buffer.byteLength(words), 0);
    if (bytes > roomBytes + rulesBytes) violations.badRecords += 1;
    if (calls > 0 && !replacement[0]?.includes(`./step-${calls}`)) violations.badRecords += 1;
    return [
      {
        kind: 'context-compacted',
        atMs: 0,
        // The answer there stays, what its calls gave does not.
        fromSeq: without?.id === 'pairs' ? fromSeq + 2 : fromSeq,
        toSeq,
        replacement: replacement.map(text),
        keeps: without?.id === 'words' ? [] : [...keeps],
      },
      ...shortened,
    ];
  }

  /** One model call with its tools; false when the model refused it as too long. */
  function step(callNumber: number): boolean {
    counts.requests += 1;
    const now = lines.of(context.messages);
    if (transcriptProblem(context.messages) !== undefined) violations.invalid += 1;
    // Where nothing was left out, what was there before is there still.
    if (before.length === 0) {
      const whole = now.join('\n');
      const has = (words: string): boolean => whole.includes(JSON.stringify(words));
      if (!said.every(has)) violations.lostWords += 1;
      const isTold = ({ path }: LoadedRule): boolean =>
        whole.includes(path) || whole.includes('Rule files left out');
      if (!rules.every((rule) => has(rule.text) || isTold(rule))) violations.lostRules += 1;
    }
    if (before.slice(0, -1).some((line, i) => line !== now[i])) violations.brokenPrefixes += 1;
    before = now;

    const tokens = Math.ceil((context.size.bytes + asked.fixedBytes) * tokensPerByte);
    const call = { callNumber, model: MODEL };
    const isTooLong = tokens > window.inputTokens;
    if (isTooLong && !isDense) violations.overLimit += 1;
    add({ kind: 'model-call-started', atMs: 0, ...call, fixedTokens: asked.fixedBytes });
    const usage = { inputTokens: tokens, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const finished = {
      kind: 'model-call-finished',
      atMs: 0,
      ...call,
      durationMs: 1,
      ...(reports && { usage }),
    } as const;
    if (isTooLong) {
      add({ ...finished, stop: 'context-full', content: [] });
      return false;
    }
    if (chance.happens(0.05)) {
      add({ ...finished, stop: 'end-turn', content: [text(wordsOf(chance, 500))] });
      say();
      return true;
    }
    const made = Array.from({ length: 1 + chance.integer(3) }, (): AssistantContent => {
      const input = { command: wordsOf(chance, 200) };
      return { type: 'tool-call', callId: `c${++calls}`, name: 'bash', input };
    });
    add({ ...finished, stop: 'tool-use', content: [text(wordsOf(chance, 200)), ...made] });
    if (chance.happens(0.05)) say();
    for (const part of made) if (part.type === 'tool-call') add(resultOf(part.callId, contextTokens));
    return true;
  }

  function resultOf(callId: string, mostBytes: number): NewJournalEntry {
    const size = chance.happens(0.1) ? mostBytes / 2 : chance.happens(0.5) ? 3_000 : 300;
    const content = [text(wordsOf(chance, Math.min(size, 20_000)))];
    const ran = { command: `./step-${callId.slice(1)}`, cwd: '/w', exitCode: 0 };
    const rule = { path: `${callId}/AGENTS.md`, text: wordsOf(chance, 2_000) };
    const brings = chance.happens(0.05);
    if (brings) rules.push(rule);
    return {
      kind: 'tool-finished',
      atMs: 0,
      callId,
      name: 'bash',
      content,
      isError: false,
      durationMs: 1,
      ran,
      ...(brings && { rules: [rule] }),
    };
  }

  say();
  let given: 'pinned' | 'full' | undefined;
  const steps = 10 + chance.integer(MOST_STEPS);
  let refused = 0;
  for (let n = 1; n <= steps && refused < MOST_REFUSALS; n += 1) {
    given = fit();
    if (given !== undefined) break;
    refused = step(n) ? 0 : refused + 1;
  }
  const read =
    without?.id === 'journal' ? entries.filter(({ kind }) => !kind.startsWith('context')) : entries;
  const again = buildContext(JSON.parse(JSON.stringify(read)) as JournalEntry[]);
  if (JSON.stringify(again.messages) !== JSON.stringify(context.messages)) violations.otherBytes += 1;
  return { ...counts, given, violations };
}

/** Messages as they are sent. All but the last are as they will be. */
function createLines() {
  const known = new WeakMap<ModelMessage, string>();
  return {
    of: (messages: readonly ModelMessage[]): readonly string[] =>
      messages.map((message, i) => {
        const line = known.get(message) ?? JSON.stringify(message);
        if (i < messages.length - 1) known.set(message, line);
        return line;
      }),
  };
}

/** Up to so many bytes that look like words. */
function wordsOf(chance: Chance, bytes: number): string {
  const letter = LETTERS.charAt(chance.integer(LETTERS.length));
  const from = chance.integer(LETTERS.length);
  const some = LETTERS.slice(from) + LETTERS.slice(0, from) + letter;
  return `x${some.repeat(Math.ceil(bytes / some.length)).slice(0, 1 + chance.integer(Math.max(1, bytes)))}x`;
}

function added(a: ContextViolations, b: ContextViolations): ContextViolations {
  const names = Object.keys(NO_CONTEXT_VIOLATIONS) as (keyof ContextViolations)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as ContextViolations;
}
