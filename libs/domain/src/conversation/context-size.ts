/** What a provider said of a request. */
export interface ReportedInput {
  readonly model: string;
  /** Of the conversation, and of what goes with every call: system prompt and tools. */
  readonly bytes: number;
  /** All of its input; `too-many` when it was more than the model takes. */
  readonly tokens: number | 'too-many';
}

/** How much room a conversation takes, by its journal. */
export interface ContextSize {
  /** See `contentBytes`. */
  readonly bytes: number;
  /** The last there is. */
  readonly reported: ReportedInput | undefined;
}

/** Who is to be asked, and what goes along with the conversation. */
export interface AskedWindow {
  readonly modelId: string;
  /** Of system prompt and tools. */
  readonly fixedBytes: number;
  /** What the model takes at most. */
  readonly inputTokens: number;
}

/** Of code and English a token is three or four bytes; what came since a report may be denser, and is taken for more. */
const FRESH_TOKENS_PER_BYTE = 0.4;
/** Models of another vendor cut the same words into more tokens, or fewer. */
const OTHER_MODELS_MARGIN = 1.25;
const LEAST_TOKENS_PER_BYTE = 0.1;

/**
 * About how many tokens the next request has: the bytes that a provider has counted at what it found them to be, those
 * since then at a cautious guess. No tokenizer: each model has its own, and vendors keep theirs to themselves.
 */
export function estimateTokens(
  { bytes, reported }: ContextSize,
  { modelId, fixedBytes, inputTokens }: AskedWindow,
): number {
  const all = bytes + fixedBytes;
  // What was too much for another model tells nothing of this one's.
  const isOthersLimit = reported?.tokens === 'too-many' && reported.model !== modelId;
  if (reported === undefined || reported.bytes === 0 || isOthersLimit) {
    return Math.ceil(all * FRESH_TOKENS_PER_BYTE);
  }
  const tokens = reported.tokens === 'too-many' ? inputTokens : reported.tokens;
  const margin = reported.model === modelId ? 1 : OTHER_MODELS_MARGIN;
  const perByte = Math.max(LEAST_TOKENS_PER_BYTE, (tokens / reported.bytes) * margin);
  const known = Math.min(all, reported.bytes);
  return Math.ceil(known * perByte + (all - known) * Math.max(perByte, FRESH_TOKENS_PER_BYTE));
}
