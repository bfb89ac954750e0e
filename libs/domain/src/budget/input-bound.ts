import { resultContent } from '../session/journal-entry';
import type { NewJournalEntry } from '../session/journal-entry';
import { contentTokens, FRAMING_TOKENS } from './content-tokens';

/** How many tokens the input of a session's next model call has at most, by its journal. */
export interface InputBound {
  /** For this model; `fixedTokens` are those of what goes with every call: system prompt and tools. */
  tokens(modelId: string, fixedTokens: number): number;
}

/** A bound that entries add up to, one by one. */
export interface GrowingInputBound extends InputBound {
  add(entry: NewJournalEntry): void;
}

/** What is known of a call's input when its provider reports it: what the session had added up to, and its fixed tokens. */
interface Sent {
  readonly all: number;
  readonly fixed: number | undefined;
}

/**
 * What the provider reported for the last call, and a token for every byte that came since; what goes with every call
 * counts once more where it is not what it was then, or nobody wrote down what it was. Another model may cut the same words into more tokens: for it every byte counts.
 */
export function createInputBound(): GrowingInputBound {
  let all = 0;
  let sent: Sent = { all, fixed: undefined };
  let reported: { readonly model: string; readonly tokens: number; readonly of: Sent } | undefined;
  return {
    tokens(modelId, fixedTokens) {
      if (reported?.model !== modelId) return fixedTokens + all;
      const { tokens, of } = reported;
      return tokens + all - of.all + (of.fixed === fixedTokens ? 0 : fixedTokens);
    },
    add(entry) {
      // What a summary says comes into the conversation with the compaction that it is made for.
      if ('purpose' in entry) return;
      if (entry.kind === 'model-call-started') sent = { all, fixed: entry.fixedTokens };
      if (entry.kind === 'model-call-finished' && entry.usage !== undefined) {
        const { inputTokens, cacheReadTokens, cacheWriteTokens } = entry.usage;
        const tokens = inputTokens + cacheReadTokens + cacheWriteTokens;
        if (tokens > 0) reported = { model: entry.model, tokens, of: sent };
      }
      all += entryTokens(entry);
    },
  };
}

/** At most so many tokens an entry adds to the input. */
export function entryTokens(entry: NewJournalEntry): number {
  switch (entry.kind) {
    case 'message-admitted':
    case 'model-call-finished':
      return contentTokens(entry.content);
    case 'tool-finished':
      return contentTokens(resultContent(entry));
    case 'context-compacted':
      return contentTokens(entry.replacement);
    case 'results-shortened':
      return entry.results.reduce((sum, { content }) => sum + contentTokens(content), 0);
    case 'checkpoint-restored':
      return contentTokens([{ type: 'text', text: entry.note }]);
    case 'harness-noted':
      return FRAMING_TOKENS + contentTokens([{ type: 'text', text: entry.text }]);
    case 'state-changed':
      return FRAMING_TOKENS;
    default:
      return 0;
  }
}
