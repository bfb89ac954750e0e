import { describe, expect, it } from '@jest/globals';
import type { NewJournalEntry } from '../session/journal-entry';
import { createCacheWatch } from './cache-watch';

const MODEL = 'a/b';

/** A call at this second that read and wrote so many tokens. */
function call(
  second: number,
  read: number,
  written: number,
  model = MODEL,
  fixedTokens = 9,
): NewJournalEntry[] {
  const atMs = second * 1_000;
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: read, cacheWriteTokens: written };
  return [
    { kind: 'model-call-started', atMs, callNumber: 1, model, fixedTokens },
    {
      ...{ kind: 'model-call-finished', atMs, callNumber: 1, model, content: [], stop: 'tool-use' },
      durationMs: 1,
      usage,
    },
  ];
}

function missAfter(...entries: readonly NewJournalEntry[][]) {
  const watch = createCacheWatch();
  entries.flat().forEach((entry) => watch.add(entry));
  return watch.miss;
}

const compacted: NewJournalEntry[] = [{ kind: 'results-shortened', atMs: 0, results: [] }];

describe('the watch over a cache', () => {
  it('is content while each call reads what the one before it left', () => {
    expect(missAfter(call(0, 0, 1_000), call(9, 1_000, 200), call(20, 1_200, 90))).toBeUndefined();
  });

  it('counts calls that read less, and begins anew with one that reads again', () => {
    const broken = [call(0, 0, 1_000), call(9, 0, 1_200), call(20, 0, 1_300)];
    expect(missAfter(...broken)).toEqual({ predictedTokens: 1_200, reportedTokens: 0, inARow: 2 });
    expect(missAfter(...broken, call(30, 1_300, 90))).toBeUndefined();
  });

  it.each<[string, readonly NewJournalEntry[][]]>([
    ['after a compaction', [call(0, 0, 1_000), compacted, call(9, 0, 700)]],
    ['of another model', [call(0, 0, 1_000), call(9, 0, 700, 'c/d')]],
    ['with other tools', [call(0, 0, 1_000), call(9, 0, 700, MODEL, 10)]],
    ['after the cache is gone', [call(0, 0, 1_000), call(301, 0, 700)]],
    ['of a provider without a cache', [call(0, 0, 0), call(9, 0, 0)]],
    ['first of all', [call(0, 0, 0)]],
  ])('predicts nothing for a call %s', (_name, entries) => {
    expect(missAfter(...entries)).toBeUndefined();
  });
});
