import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JOURNAL_VERSION } from '../session/journal-entry';
import type { JournalEntry, NewJournalEntry, StopReason } from '../session/journal-entry';
import { buildContext, createContext } from './build-context';
import { text, textOf } from './content';
import type { AssistantContent, UserContent } from './content';

type Unstamped<E> = E extends unknown ? Omit<E, 'atMs'> : never;

function journal(...facts: readonly Unstamped<NewJournalEntry>[]): JournalEntry[] {
  return facts.map((fact, i) => ({ ...fact, atMs: i, seq: i + 1, v: JOURNAL_VERSION }));
}

const message = (...content: UserContent[]) =>
  ({ kind: 'message-admitted', inboxSeq: 1, requester: 'local:ada', content }) as const;
const answer = (stop: StopReason, ...content: AssistantContent[]) =>
  ({ kind: 'model-call-finished', callNumber: 1, model: 'm', content, stop, durationMs: 1 }) as const;
const result = (callId: string, ...content: UserContent[]) =>
  ({ kind: 'tool-finished', callId, name: 'tool', content, isError: false, durationMs: 1 }) as const;
const compaction = (fromSeq: number, toSeq: number, ...replacement: UserContent[]) =>
  ({ kind: 'context-compacted', fromSeq, toSeq, replacement }) as const;
const stopped = {
  kind: 'state-changed',
  from: 'working',
  to: 'waiting',
  outcome: { kind: 'stopped' },
} as const;

const call = (callId: string) => ({ type: 'tool-call', callId, name: 'tool', input: {} }) as const;
const reasoning = { type: 'reasoning', provider: 'p', text: 'hm', opaque: 'signature' } as const;
const picture = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;

const user = (...content: unknown[]) => ({ role: 'user', content });
const assistant = (...content: AssistantContent[]) => ({ role: 'assistant', content });
const resultPart = (callId: string, ...content: unknown[]) => ({
  type: 'tool-result',
  callId,
  content,
  isError: false,
});

const noteAbout = (words: string) => ({ type: 'text', text: expect.stringMatching(`^.harness. .*${words}`) });

describe('the context of a journal', () => {
  const question = message(text('Q'));

  it.each<[string, readonly Unstamped<NewJournalEntry>[], readonly unknown[]]>([
    ['is empty before anything was said', [], []],
    [
      'joins messages that follow each other into one',
      [message(text('a'), picture), message(text('b'))],
      [user(text('a'), picture, text('b'))],
    ],
    [
      'gives the results of one answer together, in the order of its calls',
      [
        question,
        answer('tool-use', call('1'), call('2')),
        result('2', text('two')),
        result('1', text('one')),
      ],
      [
        user(text('Q')),
        assistant(call('1'), call('2')),
        user(resultPart('1', text('one')), resultPart('2', text('two'))),
      ],
    ],
    [
      'shows rules behind the result that they came with',
      [
        question,
        answer('tool-use', call('1')),
        {
          ...result('1', text('one')),
          rules: [
            { path: 'shop/AGENTS.md', text: 'Use tabs.' },
            { path: 'shop/CLAUDE.md', text: '' },
          ],
        },
      ],
      [user(text('Q')), assistant(call('1')), user(resultPart('1', text('one'), text('Use tabs.')))],
    ],
    [
      'puts what was said while results were outstanding behind them',
      [
        question,
        answer('tool-use', call('1'), call('2')),
        message(text('first')),
        result('1', text('one')),
        message(text('second')),
        result('2', text('two')),
      ],
      [
        user(text('Q')),
        assistant(call('1'), call('2')),
        user(resultPart('1', text('one')), resultPart('2', text('two')), text('first'), text('second')),
      ],
    ],
    [
      'knows the first result of a call only, and none of a call that nobody made',
      [
        question,
        answer('tool-use', call('1')),
        result('1', text('one')),
        result('1', text('again')),
        result('nobody', text('stray')),
      ],
      [user(text('Q')), assistant(call('1')), user(resultPart('1', text('one')))],
    ],
    [
      'leaves out blank text of the model',
      [question, answer('tool-use', text(' \n'), call('1')), result('1', text('one'))],
      [user(text('Q')), assistant(call('1')), user(resultPart('1', text('one')))],
    ],
    [
      'leaves out an answer of nothing but blanks',
      [question, answer('end-turn', text(' '))],
      [user(text('Q'))],
    ],
    [
      'leaves out an answer of nothing but reasoning',
      [question, answer('end-turn', reasoning)],
      [user(text('Q'))],
    ],
    [
      'keeps reasoning before what it led to, and not as the last part of an answer',
      [question, answer('end-turn', reasoning, text('A'), reasoning)],
      [user(text('Q')), assistant(reasoning, text('A'))],
    ],
    [
      'leaves out calls of an answer that ended the turn: nobody runs them',
      [question, answer('end-turn', text('A'), call('1')), message(text('next'))],
      [user(text('Q')), assistant(text('A')), user(text('next'))],
    ],
    [
      'says when an answer was cut',
      [question, answer('max-tokens', text('half'))],
      [user(text('Q')), assistant(text('half')), user(noteAbout('output limit'))],
    ],
    [
      'says that an answer was cut behind the results of its calls',
      [question, answer('max-tokens', call('1')), result('1', text('one'))],
      [user(text('Q')), assistant(call('1')), user(resultPart('1', text('one')), noteAbout('output limit'))],
    ],
    [
      'says that an answer was cut also when nothing is left of it',
      [question, answer('max-tokens', reasoning)],
      [user(text('Q'), noteAbout('output limit'))],
    ],
    [
      'keeps the words of a cancelled answer only, and says that the person stopped the work',
      [question, answer('cancelled', reasoning, text('half'), call('1')), stopped],
      [user(text('Q')), assistant(text('half')), user(noteAbout('stopped'))],
    ],
    [
      'keeps the words of a refusal only',
      [question, answer('refusal', reasoning, text('No.'), call('1'))],
      [user(text('Q')), assistant(text('No.'))],
    ],
    [
      'forgets what came with an error',
      [question, answer('error', text('oops'), call('1'))],
      [user(text('Q'))],
    ],
    [
      'forgets an answer that did not fit',
      [question, answer('context-full', text('too'), call('1')), message(text('next'))],
      [user(text('Q'), text('next'))],
    ],
    [
      'says that a message was empty, also one of blanks',
      [message(), message(text(' ')), message(text(''), picture)],
      [user(noteAbout('empty'), noteAbout('empty'), picture)],
    ],
    [
      'says that a result was empty, also one of blanks',
      [question, answer('tool-use', call('1'), call('2')), result('1'), result('2', text('\n'))],
      [
        user(text('Q')),
        assistant(call('1'), call('2')),
        user(resultPart('1', noteAbout('empty')), resultPart('2', noteAbout('empty'))),
      ],
    ],
    [
      'shows compacted entries as their replacement',
      [question, answer('end-turn', text('A')), message(text('next')), compaction(1, 2, text('before'))],
      [user(text('before'), text('next'))],
    ],
    [
      'begins with the person also when the beginning was compacted to nothing',
      [question, answer('end-turn', text('A')), message(text('next')), compaction(1, 1)],
      [user(noteAbout('empty')), assistant(text('A')), user(text('next'))],
    ],
    [
      'keeps answers apart whose question was compacted to nothing',
      [
        question,
        answer('end-turn', text('A')),
        message(text('next')),
        answer('end-turn', text('B')),
        compaction(3, 3),
      ],
      [user(text('Q')), assistant(text('A')), user(noteAbout('empty')), assistant(text('B'))],
    ],
    [
      'shows a later compaction instead of the earlier ones within it',
      [
        question,
        answer('end-turn', text('A')),
        compaction(1, 2, text('first')),
        message(text('next')),
        answer('end-turn', text('B')),
        message(text('last')),
        compaction(1, 5, text('second')),
      ],
      [user(text('second'), text('last'))],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(buildContext(journal(...facts)).messages).toEqual(expected);
  });

  it('keeps reasoning only behind the bytes that it came after', () => {
    const step = (callId: string) => [
      answer('tool-use', reasoning, call(callId)),
      result(callId, text('seen')),
    ];
    const facts = [question, ...step('1'), ...step('2'), ...step('3')];
    const results = [{ callId: '2', content: [text('short')] }];
    const shortened = { kind: 'results-shortened' as const, results };
    const thoughts = (...all: readonly Unstamped<NewJournalEntry>[]) =>
      buildContext(journal(...all)).messages.map(
        ({ content }) => content.filter((part) => part.type === 'reasoning').length,
      );
    expect(thoughts(...facts, shortened, ...step('4'))).toEqual([0, 1, 0, 1, 0, 0, 0, 1, 0]);
    expect(thoughts(...facts, compaction(2, 3, text('gone')), ...step('4'))).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });

  it('names the calls that have no result yet, and holds back what is said meanwhile', () => {
    const context = buildContext(
      journal(
        question,
        answer('tool-use', call('1'), call('2')),
        message(text('meanwhile')),
        result('2', text('two')),
      ),
    );
    expect(context.pendingCalls).toEqual([call('1')]);
    expect(context.messages).toEqual([user(text('Q')), assistant(call('1'), call('2'))]);
  });
});

/** What happens next in a random session. Where it can't happen, the writer leaves it out. */
type Happening =
  | { readonly what: 'message'; readonly parts: readonly ('words' | 'blank' | 'picture')[] }
  | {
      readonly what: 'answer';
      readonly stop: StopReason;
      readonly parts: readonly ('words' | 'blank' | 'reasoning' | 'call')[];
    }
  | { readonly what: 'result'; readonly pick: number; readonly kind: 'new' | 'again' | 'stray' }
  | { readonly what: 'compaction'; readonly ends: readonly [number, number]; readonly empty: boolean }
  | { readonly what: 'bookkeeping' };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('message' as const),
      parts: fc.array(fc.constantFrom('words', 'blank', 'picture'), { maxLength: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('answer' as const),
      stop: fc.constantFrom<StopReason[]>(
        'end-turn',
        'tool-use',
        'tool-use',
        'tool-use',
        'max-tokens',
        'cancelled',
        'refusal',
        'error',
        'context-full',
      ),
      parts: fc.array(fc.constantFrom('words', 'blank', 'reasoning', 'call', 'call'), { maxLength: 5 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('result' as const),
      pick: fc.nat(),
      kind: fc.constantFrom('new', 'new', 'new', 'new', 'again', 'stray'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('compaction' as const),
      ends: fc.tuple(fc.nat(), fc.nat()),
      empty: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('bookkeeping' as const) }) },
);

interface WrittenJournal {
  readonly entries: readonly JournalEntry[];
  /** What the person said, word by word, and what a compaction took away again. */
  readonly said: readonly string[];
  readonly compacted: ReadonlySet<string>;
}

/** Writes a journal as an agent would: it calls the model when there is something to answer and no call is open. */
function write(happenings: readonly Happening[]): WrittenJournal {
  const entries: JournalEntry[] = [];
  const said: string[] = [];
  const compacted = new Set<string>();
  /** The entries of each answer with calls and of its results: a compaction takes all of them or none. */
  const families: { readonly seqs: number[]; open: string[]; readonly done: string[] }[] = [];
  let calls = 0;
  let due = false;

  const add = (fact: Unstamped<NewJournalEntry>): number => {
    const seq = entries.length + 1;
    entries.push({ ...fact, atMs: seq, seq, v: JOURNAL_VERSION });
    return seq;
  };
  const isOpen = (): boolean => (families.at(-1)?.open.length ?? 0) > 0;

  for (const next of happenings) {
    if (next.what === 'message') {
      const seq = entries.length + 1;
      const content = next.parts.map((part, i) => {
        if (part === 'picture') return picture;
        if (part === 'words') said.push(`<said ${seq}.${i}>`);
        return text(part === 'words' ? `<said ${seq}.${i}>` : ' ');
      });
      add(message(...content));
      due = true;
    } else if (next.what === 'answer' && due && !isOpen()) {
      const made: string[] = [];
      const content = next.parts.map((part): AssistantContent => {
        if (part === 'reasoning') return reasoning;
        if (part !== 'call') return text(part === 'blank' ? '\t' : `<${next.stop}>`);
        made.push(`${next.stop}-${++calls}`);
        return call(made.at(-1) ?? '');
      });
      const stop = next.stop === 'tool-use' && made.length === 0 ? 'end-turn' : next.stop;
      const seq = add(answer(stop, ...content));
      due = stop === 'max-tokens';
      if (stop === 'cancelled') add(stopped);
      if (stop === 'tool-use' || stop === 'max-tokens') families.push({ seqs: [seq], open: made, done: [] });
    } else if (next.what === 'result') {
      const family = families.at(-1);
      const from = next.kind === 'new' ? family?.open : family?.done;
      const callId = next.kind === 'stray' ? 'nobody' : from?.[next.pick % from.length];
      if (family === undefined || callId === undefined) continue;
      family.seqs.push(add(result(callId, text(`<result of ${callId}>`))));
      family.open = family.open.filter((id) => id !== callId);
      if (next.kind === 'new') family.done.push(callId);
      if (next.kind === 'new' && !isOpen()) due = true;
    } else if (next.what === 'compaction' && entries.length > 0) {
      const [from, to] = next.ends.map((end) => (end % entries.length) + 1).toSorted((a, b) => a - b);
      const inside = (seq: number): boolean => seq >= (from ?? 0) && seq <= (to ?? 0);
      const parts = families.some(
        ({ seqs, open }) => seqs.some(inside) && (open.length > 0 || !seqs.every(inside)),
      );
      if (from === undefined || to === undefined || parts) continue;
      said
        .filter((words) => JSON.stringify(entries.slice(from - 1, to)).includes(words))
        .forEach((words) => compacted.add(words));
      add(compaction(from, to, ...(next.empty ? [] : [text('<replacement>')])));
    } else if (next.what === 'bookkeeping') {
      add({ kind: 'model-call-started', callNumber: 1, model: 'm' });
    }
  }
  return { entries, said, compacted };
}

const writtenJournal = fc.array(happening, { maxLength: 60, size: 'max' }).map(write);
const runs = { numRuns: 150 };

/** What providers refuse, whatever the session was. */
function expectAcceptable({ messages, pendingCalls }: ReturnType<typeof createContext>): void {
  messages.forEach(({ role, content }, i) => {
    expect(role).toBe(i % 2 === 0 ? 'user' : 'assistant');
    expect(content).not.toHaveLength(0);
    for (const part of content) if (part.type === 'text') expect(part.text.trim()).not.toBe('');
    if (role === 'assistant') expect(content.at(-1)?.type).not.toBe('reasoning');

    const before = messages[i - 1]?.content ?? [];
    const made = before.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []));
    const given = content.flatMap((part) => (part.type === 'tool-result' ? [part.callId] : []));
    expect(given).toEqual(made);
    expect(content.slice(0, made.length).map((part) => part.type)).toEqual(made.map(() => 'tool-result'));
  });
  const last = messages.at(-1)?.content ?? [];
  const unanswered = last.filter((part) => part.type === 'tool-call');
  expect(unanswered).toEqual(expect.arrayContaining([...pendingCalls]));
  expect(pendingCalls.length > 0).toBe(unanswered.length > 0);
}

describe('the context of any valid journal', () => {
  it('is acceptable to every provider after each entry', () => {
    fc.assert(
      fc.property(writtenJournal, ({ entries }) => {
        const context = createContext();
        for (const entry of entries) {
          context.add(entry);
          expectAcceptable(context);
        }
      }),
      runs,
    );
  });

  it('never changes what comes before the last message, except by a compaction', () => {
    fc.assert(
      fc.property(writtenJournal, ({ entries }) => {
        const context = createContext();
        for (const entry of entries) {
          const before = structuredClone(context.messages);
          context.add(entry);
          if (entry.kind === 'context-compacted') continue;
          const last = before.length - 1;
          expect(context.messages.slice(0, Math.max(last, 0))).toEqual(before.slice(0, -1));
          const grown = context.messages[last]?.content ?? [];
          expect(grown.slice(0, before[last]?.content.length ?? 0)).toEqual(before[last]?.content ?? []);
        }
      }),
      runs,
    );
  });

  it('is the same built entry by entry and at once', () => {
    fc.assert(
      fc.property(writtenJournal, fc.nat(), ({ entries }, cut) => {
        const grown = createContext();
        const early = buildContext(entries.slice(0, cut % (entries.length + 1)));
        for (const entry of entries) grown.add(entry);
        for (const entry of entries.slice(cut % (entries.length + 1))) early.add(entry);
        expect(early.messages).toEqual(grown.messages);
        expect(early.pendingCalls).toEqual(grown.pendingCalls);
      }),
      runs,
    );
  });

  it('holds every word of the person once, in order, unless it was compacted', () => {
    fc.assert(
      fc.property(writtenJournal, ({ entries, said, compacted }) => {
        const context = buildContext(entries);
        // What is said while a call is open is shown once the call has its result.
        const seq = entries.length + 1;
        for (const [i, { callId }] of context.pendingCalls.entries()) {
          context.add({ ...result(callId, text('late')), atMs: 0, seq: seq + i, v: JOURNAL_VERSION });
        }
        const shown = context.messages.flatMap(
          ({ content }) => textOf(content).match(/<said [\d.]+>/g) ?? [],
        );
        expect(shown).toEqual(said.filter((words) => !compacted.has(words)));
      }),
      runs,
    );
  });

  it('holds nothing of an answer that failed, and no call that was never run', () => {
    fc.assert(
      fc.property(writtenJournal, ({ entries }) => {
        const shown = JSON.stringify(buildContext(entries).messages);
        expect(shown).not.toMatch(
          /<error>|<context-full>|"(?:error|context-full|cancelled|refusal|end-turn)-\d+"/,
        );
      }),
      runs,
    );
  });
});
