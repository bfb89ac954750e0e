import type { JournalEntry, Usage } from '@swe/domain';
import type { Recording } from './record-session';

export interface CacheVerdict {
  /** Steps that read less than the one before them left in the cache, although nothing was compacted in between. */
  readonly brokenSteps: readonly number[];
  readonly compactions: number;
  /** Of all input tokens after the first step, those read from the cache. */
  readonly readShare: number;
  /** All input in tokens at the base price: a read costs a tenth of that, a write a quarter more. */
  readonly baseTokens: number;
}

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching, of most models. */
const READ_PRICE = 0.1;
const WRITE_PRICE = 1.25;

/** What a prompt cache made of a recorded session. */
export function cacheVerdict({ calls, entries }: Pick<Recording, 'calls' | 'entries'>): CacheVerdict {
  const changed = compactedBefore(entries);
  const brokenSteps = calls.flatMap(({ callNumber, usage }, i) => {
    const before = calls[i - 1]?.usage;
    const left = before === undefined ? 0 : before.cacheReadTokens + before.cacheWriteTokens;
    return usage.cacheReadTokens < left && !changed.has(callNumber) ? [callNumber] : [];
  });
  const later = calls.slice(1).map(({ usage }) => usage);
  const read = later.reduce((sum, { cacheReadTokens }) => sum + cacheReadTokens, 0);
  return {
    brokenSteps,
    compactions: changed.size,
    readShare: read / later.reduce((sum, usage) => sum + inputOf(usage), 0),
    baseTokens: Math.round(calls.reduce((sum, { usage }) => sum + baseTokensOf(usage), 0)),
  };
}

/** Steps, counted from 1, between which and the one before them the journal has a compaction. */
function compactedBefore(entries: readonly JournalEntry[]): ReadonlySet<number> {
  const steps = new Set<number>();
  let done = 0;
  for (const entry of entries) {
    if (entry.kind === 'model-call-finished' && entry.purpose === undefined) done += 1;
    if (entry.kind === 'context-compacted' || entry.kind === 'results-shortened') steps.add(done + 1);
  }
  return steps;
}

const inputOf = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number =>
  inputTokens + cacheReadTokens + cacheWriteTokens;

const baseTokensOf = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number =>
  inputTokens + READ_PRICE * cacheReadTokens + WRITE_PRICE * cacheWriteTokens;
