import type { JournalEntry, JournalEntryOf } from '../session/journal-entry';
import type { ToolCallContent, UserContent } from './content';
import type { ContextSize, ReportedInput } from './context-size';
import { createConversation } from './grow-conversation';
import type { ModelMessage } from './model-message';

/** What one entry of the journal is to the conversation. */
export interface ContextPart {
  readonly entry: JournalEntry;
  /** That it adds as the conversation is shown now: a result with the last one of its answer, a replacement with the first entry it stands for. */
  readonly bytes: number;
  /** Before it no call waits for its result: the conversation may be cut here. */
  readonly isCut: boolean;
}

/**
 * A session's conversation with its model: a pure function of the journal, built entry by entry so that a step
 * costs the same however many came before it.
 */
export interface Context {
  /** Valid for every provider: see `ModelMessage`. Grows in place; copy it to keep it. */
  readonly messages: readonly ModelMessage[];
  /** Tool calls without a result. A model must not be called while there are any. */
  readonly pendingCalls: readonly ToolCallContent[];
  readonly size: ContextSize;
  /** One for each entry, in order. Grows in place. */
  readonly parts: readonly ContextPart[];
  /** What is shown of a result. */
  shownOf(result: JournalEntryOf<'tool-finished'>): readonly UserContent[];
  add(entry: JournalEntry): void;
}

export function buildContext(entries: Iterable<JournalEntry>): Context {
  const context = createContext();
  for (const entry of entries) context.add(entry);
  return context;
}

type Compaction = JournalEntryOf<'context-compacted'>;

/**
 * The conversation is another one between these entries. Reasoning there goes: models take it back only behind the
 * bytes that it came after (https://platform.claude.com/docs/en/build-with-claude/preserved-thinking), and a request
 * that is refused over it breaks the cache once more.
 */
interface Change {
  readonly fromSeq: number;
  readonly beforeSeq: number;
}

export function createContext(): Context {
  const shortened = new Map<string, readonly UserContent[]>();
  const compactions: Compaction[] = [];
  const changes: Change[] = [];
  const reports = createReports();
  let parts: ContextPart[] = [];
  let conversation = createConversation(shortened);

  function show(entry: JournalEntry, act: () => void): void {
    const isCut = conversation.pendingCalls().length === 0;
    const before = conversation.bytes;
    act();
    parts.push({ entry, isCut, bytes: conversation.bytes - before });
  }

  /** Behind bytes that changed since it was written. */
  function reasoningOf({ seq }: JournalEntry): 'kept' | 'dropped' {
    return changes.some(({ fromSeq, beforeSeq }) => fromSeq <= seq && seq < beforeSeq) ? 'dropped' : 'kept';
  }

  function rebuild(): void {
    const entries = parts.map(({ entry }) => entry);
    conversation = createConversation(shortened);
    parts = [];
    const shown = new Set<Compaction>();
    for (const entry of entries) {
      const compaction = compactions.findLast((c) => c.fromSeq <= entry.seq && entry.seq <= c.toSeq);
      show(entry, () => {
        if (compaction === undefined) return conversation.apply(entry, reasoningOf(entry));
        if (!shown.has(compaction)) conversation.say(compaction.replacement);
        shown.add(compaction);
        if (compaction.keeps?.includes(entry.seq) === true) conversation.apply(entry);
      });
    }
  }

  return {
    get messages() {
      return conversation.messages;
    },
    get pendingCalls() {
      return conversation.pendingCalls();
    },
    get size() {
      return { bytes: conversation.bytes, reported: reports.last() };
    },
    get parts() {
      return parts;
    },
    shownOf: ({ callId, content }) => shortened.get(callId) ?? content,
    add(entry) {
      reports.add(entry, conversation.bytes);
      show(entry, () => conversation.apply(entry));
      const fromSeq = firstChanged(entry, parts);
      if (fromSeq === undefined) return;
      changes.push({ fromSeq, beforeSeq: entry.seq });
      if (entry.kind === 'context-compacted') compactions.push(entry);
      if (entry.kind === 'results-shortened') {
        entry.results.forEach(({ callId, content }) => shortened.set(callId, content));
      }
      rebuild();
    },
  };
}

/** The first entry that is shown otherwise from this one on; undefined where none is. */
function firstChanged(entry: JournalEntry, parts: readonly ContextPart[]): number | undefined {
  if (entry.kind === 'context-compacted') return entry.fromSeq;
  if (entry.kind !== 'results-shortened') return undefined;
  const callIds = new Set(entry.results.map(({ callId }) => callId));
  return parts.find(({ entry: each }) => each.kind === 'tool-finished' && callIds.has(each.callId))?.entry
    .seq;
}

/** What providers said of the requests, each told with the conversation's bytes before it. */
function createReports() {
  let sentBytes = 0;
  let last: ReportedInput | undefined;
  return {
    last: () => last,
    add(entry: JournalEntry, bytes: number): void {
      if (entry.kind === 'model-call-started' && entry.purpose === undefined) {
        sentBytes = bytes + (entry.fixedTokens ?? 0);
      }
      if (entry.kind !== 'model-call-finished' || entry.purpose !== undefined) return;
      const { model, stop, usage } = entry;
      if (stop === 'context-full') last = { model, bytes: sentBytes, tokens: 'too-many' };
      if (stop === 'context-full' || usage === undefined) return;
      const tokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
      if (tokens > 0) last = { model, bytes: sentBytes, tokens };
    },
  };
}
