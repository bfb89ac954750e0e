import { createHash } from 'node:crypto';
import type { Usage } from '@swe/domain';

/** A part of a request, in the order in which vendors build their prefix: tools, system prompt, messages. */
export interface RequestBlock {
  readonly text: string;
  /** A cached prefix may end here. */
  readonly isMarked: boolean;
}

/**
 * As Anthropic documents it, and Bedrock after it: https://platform.claude.com/docs/en/build-with-claude/prompt-caching,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
const MOST_MARKS = 4;
const LEAST_TOKENS = 1_024;
const TTL_MS = 5 * 60_000;
/** From a mark back an earlier prefix is looked for in so many blocks. */
const LOOKBACK_BLOCKS = 20;
const BYTES_PER_TOKEN = 4;

/**
 * A provider's prompt cache: what a request reads is the longest prefix that an earlier one wrote, what it writes is
 * what comes behind that up to its last mark. Tokens are four bytes each.
 */
export class SimulatedCache {
  /** Until when a prefix is kept, by its hash. */
  readonly #kept = new Map<string, number>();

  serve(blocks: readonly RequestBlock[], atMs: number): Usage {
    const marks = blocks.flatMap(({ isMarked }, i) => (isMarked ? [i] : []));
    if (marks.length > MOST_MARKS)
      throw new Error(`${marks.length} marks, of which ${MOST_MARKS} are allowed`);
    const prefixes = prefixesOf(blocks);
    const tokensAt = (place: number): number => prefixes[place]?.tokens ?? 0;
    const isKept = (place: number): boolean => (this.#kept.get(prefixes[place]?.hash ?? '') ?? -1) >= atMs;

    const found = marks.flatMap((mark) => lookedAt(mark).filter(isKept));
    const read = Math.max(0, ...found.map(tokensAt));
    const written = Math.max(read, ...marks.map(tokensAt).filter((tokens) => tokens >= LEAST_TOKENS));
    for (const place of [...found, ...marks]) {
      const prefix = prefixes[place];
      if (prefix !== undefined && prefix.tokens >= LEAST_TOKENS) this.#kept.set(prefix.hash, atMs + TTL_MS);
    }
    return {
      inputTokens: tokensAt(blocks.length - 1) - written,
      outputTokens: 0,
      cacheReadTokens: read,
      cacheWriteTokens: written - read,
    };
  }
}

function lookedAt(mark: number): readonly number[] {
  return Array.from({ length: Math.min(mark + 1, LOOKBACK_BLOCKS) }, (_, back) => mark - back);
}

function prefixesOf(blocks: readonly RequestBlock[]) {
  let bytes = 0;
  let hash = '';
  return blocks.map(({ text }) => {
    bytes += Buffer.byteLength(text);
    hash = createHash('sha256').update(hash).update(text).digest('base64url');
    return { hash, tokens: Math.ceil(bytes / BYTES_PER_TOKEN) };
  });
}
