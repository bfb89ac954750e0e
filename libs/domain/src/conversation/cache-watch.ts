import type { NewJournalEntry } from '../session/journal-entry';

/** What the prompt cache of a provider gave less of than it should have. */
export interface CacheMiss {
  readonly predictedTokens: number;
  readonly reportedTokens: number;
  /** Calls one behind the other that it happened to. */
  readonly inARow: number;
}

/** What a session's journal tells of its provider's prompt cache, entry by entry. */
export interface CacheWatch {
  /** Set while the last call that could read the cache did not. */
  readonly miss: CacheMiss | undefined;
  add(entry: NewJournalEntry): void;
}

/** How long vendors keep what nobody reads: https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const TTL_MS = 5 * 60_000;
/** Vendors count in blocks of 128 tokens and the like. */
const TOLERANCE = 0.9;

/** The conversation's last call, as far as the next one may read what it left in the cache. */
interface Warm {
  readonly model: string;
  readonly fixedTokens: number | undefined;
  readonly tokens: number;
  readonly atMs: number;
}

/**
 * Predicts that a call reads what the one before it read and wrote, unless the model, the prompt or the conversation
 * has changed in between, or it was too long ago.
 */
export function createCacheWatch(): CacheWatch {
  let warm: Warm | undefined;
  let started: { readonly fixedTokens: number | undefined; readonly atMs: number } | undefined;
  let miss: CacheMiss | undefined;

  return {
    get miss() {
      return miss;
    },
    add(entry) {
      if (entry.kind === 'context-compacted' || entry.kind === 'results-shortened') warm = undefined;
      if (entry.kind === 'model-call-started' && entry.purpose === undefined) {
        started = { fixedTokens: entry.fixedTokens, atMs: entry.atMs };
      }
      if (entry.kind !== 'model-call-finished' || entry.purpose !== undefined) return;
      const { model, usage, atMs } = entry;
      if (usage === undefined || started === undefined) return;
      const { cacheReadTokens: reportedTokens, cacheWriteTokens } = usage;
      const isWarm =
        warm?.model === model &&
        warm.fixedTokens === started.fixedTokens &&
        started.atMs - warm.atMs < TTL_MS;
      const predictedTokens = isWarm ? (warm?.tokens ?? 0) : 0;
      const isMissed = reportedTokens < TOLERANCE * predictedTokens;
      miss = isMissed ? { predictedTokens, reportedTokens, inARow: (miss?.inARow ?? 0) + 1 } : undefined;
      warm = { model, fixedTokens: started.fixedTokens, tokens: reportedTokens + cacheWriteTokens, atMs };
    },
  };
}
