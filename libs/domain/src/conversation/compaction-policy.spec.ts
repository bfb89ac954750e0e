import { describe, expect, it } from '@jest/globals';
import { FREE } from '../budget/price';
import { JOURNAL_VERSION } from '../session/journal-entry';
import type { JournalEntry, NewJournalEntry } from '../session/journal-entry';
import { buildContext } from './build-context';
import { compactionFor } from './compaction-policy';
import type { Compaction } from './compaction-policy';
import { text, textOf } from './content';
import { contextWindow } from './context-window';

const MODEL = 'scripted/test';
/** Takes 36,000 tokens: without any report 90,000 bytes. */
const WINDOW = contextWindow({ ...FREE, contextTokens: 44_000, maxOutputTokens: 4_000 }, 4_000);
const ASKED = { modelId: MODEL, fixedBytes: 0 };

/** A session of steps whose results have so many bytes each, journalled as an agent does: four entries a step. */
function session(resultBytes: readonly number[], words: Readonly<Record<number, string>> = {}) {
  const facts: NewJournalEntry[] = [];
  let calls = 0;
  const say = (content: string) => {
    facts.push({ kind: 'message-admitted', atMs: 0, inboxSeq: 1, requester: 'a', content: [text(content)] });
  };
  say('The task.');
  for (const bytes of resultBytes) {
    calls += 1;
    const callId = `c${calls}`;
    const call = { type: 'tool-call', callId, name: 'bash', input: {} } as const;
    const done = { atMs: 0, callNumber: calls, model: MODEL } as const;
    const content = [text(`${callId}:${'r'.repeat(bytes)}`)];
    facts.push(
      { kind: 'model-call-started', ...done },
      { kind: 'model-call-finished', ...done, content: [call], stop: 'tool-use', durationMs: 1 },
      { kind: 'tool-started', atMs: 0, callId, name: 'bash' },
      { kind: 'tool-finished', atMs: 0, callId, name: 'bash', content, isError: false, durationMs: 1 },
    );
    const said = words[calls];
    if (said !== undefined) say(said);
  }
  return stamped(facts);
}

const stamped = (facts: readonly NewJournalEntry[], from = 1): JournalEntry[] =>
  facts.map((fact, i) => ({ ...fact, seq: from + i, v: JOURNAL_VERSION }));

const decide = (entries: readonly JournalEntry[], window = WINDOW) =>
  compactionFor(buildContext(entries), window, ASKED);

function carriedOut(entries: readonly JournalEntry[], compaction: Compaction | undefined) {
  if (compaction === undefined || compaction.do === 'nothing-fits') throw new Error('nothing to carry out');
  const { results } = compaction;
  const facts: NewJournalEntry[] = [{ kind: 'results-shortened', atMs: 0, results: [...results] }];
  if (compaction.do === 'cut') {
    const { fromSeq, toSeq, keeps } = compaction;
    const replacement = [text('The record.')];
    facts.unshift({ kind: 'context-compacted', atMs: 0, fromSeq, toSeq, replacement, keeps: [...keeps] });
  }
  return [...entries, ...stamped(facts, entries.length + 1)];
}

const times = (count: number, bytes: number): number[] => Array.from({ length: count }, () => bytes);
const shown = (entries: readonly JournalEntry[]): string => JSON.stringify(buildContext(entries).messages);

describe('a conversation', () => {
  it('stays as it is below its limit, and while calls wait for their results', () => {
    expect(decide(session(times(20, 4_000)))).toBeUndefined();
    expect(decide(session(times(40, 4_000)).slice(0, -1))).toBeUndefined();
  });

  it('loses the middle of bulky old results first, and says how they are read again', () => {
    const entries = session(times(24, 4_000));
    const compaction = decide(entries);
    expect(compaction).toMatchObject({ do: 'shorten' });
    const after = carriedOut(entries, compaction);
    expect(shown(after)).toMatch(
      /c1:r+.n\[harness\] About \d+ bytes of this result were left out[^"]*read_result/,
    );
    // The newest stay as they are.
    expect(shown(after)).toContain(`c24:${'r'.repeat(4_000)}`);
    expect(decide(after)).toBeUndefined();
  });

  it('then loses its middle: the task, the first steps, the last ones and what people said stay', () => {
    const entries = session(times(90, 900), { 40: 'Mind the cents!', 89: 'Nearly there?' });
    const compaction = decide(entries);
    expect(compaction).toMatchObject({ do: 'cut', results: [] });
    const messages = shown(carriedOut(entries, compaction));
    for (const kept of ['The task.', 'c1:', 'The record.', 'Mind the cents!', 'Nearly there?', 'c90:']) {
      expect(messages).toContain(kept);
    }
    expect(messages).not.toContain('c40:');
    expect(decide(carriedOut(entries, compaction))).toBeUndefined();
  });

  it('is cut at the same place again, so that its beginning stays in the cache', () => {
    const first = session(times(90, 900));
    const cut = carriedOut(first, decide(first));
    const more = stamped(
      session(times(60, 900))
        .slice(1)
        .map(({ seq: _seq, v: _v, ...fact }) => renamed(fact)),
      cut.length + 1,
    );
    const again = decide([...cut, ...more]);
    expect(again).toMatchObject({ do: 'cut', fromSeq: fromSeqOf(decide(first)) });
    expect(shown(carriedOut([...cut, ...more], again)).split('The record.')).toHaveLength(2);
  });

  it('whose last results alone are too much keeps as much of them as fits', () => {
    const entries = session([500, 60_000, 60_000]);
    const after = carriedOut(entries, decide(entries));
    expect(decide(after)).toBeUndefined();
    const last = buildContext(after).messages.at(-1)?.content.at(0);
    expect(last?.type === 'tool-result' ? textOf(last.content).length : 0).toBeGreaterThan(8_000);
  });

  it.each<[string, JournalEntry[], 'pinned' | 'full']>([
    ['people wrote more than its share', session(times(60, 900), { 5: 'w'.repeat(40_000) }), 'pinned'],
    ['only a message is there, and too long', session([], {}).map((e) => tooLong(e)), 'pinned'],
  ])('does not fit where %s', (_name, entries, because) => {
    expect(decide(entries)).toEqual({ do: 'nothing-fits', because });
  });

  it('does not fit beside tools and rules that take all of the window', () => {
    const context = buildContext(session([1]));
    expect(compactionFor(context, WINDOW, { ...ASKED, fixedBytes: 100_000 })).toEqual({
      do: 'nothing-fits',
      because: 'full',
    });
  });

  it('gets shorter after each refusal of a provider, whatever was estimated', () => {
    let entries = session(times(36, 2_000));
    const lengths: number[] = [];
    for (let refusals = 0; refusals < 3; refusals += 1) {
      const call = { atMs: 0, callNumber: 99, model: MODEL } as const;
      entries = [
        ...entries,
        ...stamped(
          [
            { kind: 'model-call-started', ...call },
            { kind: 'model-call-finished', ...call, content: [], stop: 'context-full', durationMs: 1 },
          ],
          entries.length + 1,
        ),
      ];
      entries = carriedOut(entries, decide(entries));
      lengths.push(shown(entries).length);
      expect(decide(entries)).toBeUndefined();
    }
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(lengths[2]).toBeLessThan((lengths[0] ?? 0) / 1.4);
  });
});

const fromSeqOf = (compaction: Compaction | undefined): number =>
  compaction?.do === 'cut' ? compaction.fromSeq : 0;

/** Calls of a later part of a session. */
function renamed(fact: NewJournalEntry): NewJournalEntry {
  return JSON.parse(JSON.stringify(fact).replace(/"c(\d+)/g, '"d$1')) as NewJournalEntry;
}

function tooLong(entry: JournalEntry): JournalEntry {
  return entry.kind === 'message-admitted' ? { ...entry, content: [text('w'.repeat(100_000))] } : entry;
}
