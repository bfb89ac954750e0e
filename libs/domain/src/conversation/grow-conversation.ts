import { resultContent } from '../session/journal-entry';
import type { JournalEntry, JournalEntryOf } from '../session/journal-entry';
import { text } from './content';
import type { AssistantContent, ToolCallContent, ToolResultContent, UserContent } from './content';
import { contentBytes } from './content-bytes';
import { HARNESS_NOTE } from './harness-note';
import type { ModelMessage } from './model-message';

const CUT_NOTE = `${HARNESS_NOTE} Your answer reached the output limit and was cut there. Go on exactly where it stopped. A tool call that does not fit into one answer has to be split into smaller ones.`;
const STOPPED_NOTE = `${HARNESS_NOTE} The person stopped the work here. Whatever was still running was ended.`;
const EMPTY_NOTE = `${HARNESS_NOTE} (empty)`;

/** A conversation that entries of a journal add up to, one by one. */
export interface Conversation {
  readonly messages: readonly ModelMessage[];
  /** See `contentBytes`. */
  readonly bytes: number;
  /** Tool calls without a result. */
  pendingCalls(): readonly ToolCallContent[];
  /** Adds what somebody other than the model says. */
  say(content: readonly UserContent[]): void;
  /** `reasoning`: whether an answer's goes along. */
  apply(entry: JournalEntry, reasoning?: 'kept' | 'dropped'): void;
}

type UserPart = UserContent | ToolResultContent;

/** `shortened` has what is shown of some results instead of what they were, by their call. */
export function createConversation(shortened: ReadonlyMap<string, readonly UserContent[]>): Conversation {
  const messages: ModelMessage[] = [];
  let bytes = 0;
  let open: UserPart[] | undefined;
  let calls: readonly ToolCallContent[] = [];
  let results = new Map<string, ToolResultContent>();
  /** Said while results are outstanding; providers want the results first. */
  let held: UserContent[] = [];

  function append(parts: readonly UserPart[]): void {
    if (parts.length === 0) return;
    if (open === undefined) {
      open = [];
      messages.push({ role: 'user', content: open });
    }
    open.push(...parts);
    bytes += contentBytes(parts);
  }

  function say(content: readonly UserContent[]): void {
    const parts = shownOf(content);
    if (results.size < calls.length) held.push(...parts);
    else append(parts);
  }

  function answer(content: readonly AssistantContent[]): void {
    if (content.length === 0) return;
    messages.push({ role: 'assistant', content });
    bytes += contentBytes(content);
    open = undefined;
    calls = content.filter((part) => part.type === 'tool-call');
    results = new Map();
  }

  function settle(entry: JournalEntryOf<'tool-finished'>): void {
    const isNew = calls.some((call) => call.callId === entry.callId) && !results.has(entry.callId);
    if (!isNew) return;
    const { callId, isError } = entry;
    // Rules that came with it stay as they are.
    const content = resultContent({ ...entry, content: [...(shortened.get(callId) ?? entry.content)] });
    results.set(callId, { type: 'tool-result', callId, content: [...shownOf(content)], isError });
    if (results.size < calls.length) return;
    append(calls.flatMap((call) => results.get(call.callId) ?? []));
    append(held);
    held = [];
  }

  return {
    messages,
    get bytes() {
      return bytes;
    },
    say,
    pendingCalls: () => calls.filter((call) => !results.has(call.callId)),
    apply(entry, reasoning = 'kept') {
      switch (entry.kind) {
        case 'message-admitted':
          return say(entry.content);
        case 'model-call-finished':
          if (entry.purpose !== undefined) return;
          answer(keptOf(entry).filter(({ type }) => type !== 'reasoning' || reasoning === 'kept'));
          if (entry.stop === 'max-tokens') say([text(CUT_NOTE)]);
          return;
        case 'tool-finished':
          return settle(entry);
        case 'checkpoint-restored':
          return say([text(entry.note)]);
        case 'harness-noted':
          return say([text(`${HARNESS_NOTE} ${entry.text}`)]);
        case 'state-changed':
          if (entry.outcome?.kind === 'stopped') say([text(STOPPED_NOTE)]);
          return;
        default:
          return;
      }
    },
  };
}

/** What a person or a tool gave, as it may be sent: never blank text (providers refuse it), and never nothing. */
function shownOf(content: readonly UserContent[]): readonly UserContent[] {
  const written = content.filter(isNotBlank);
  return written.length > 0 ? written : [text(EMPTY_NOTE)];
}

function isNotBlank(part: AssistantContent | UserContent): boolean {
  return part.type !== 'text' || part.text.trim() !== '';
}

/**
 * The part of an answer that stays in the conversation. A provider's error never becomes conversation, and an
 * interrupted answer keeps only its words: its tool calls never ran and its reasoning lacks its signature. Neither
 * did calls run in an answer that ended the turn. Providers refuse blank text, and reasoning as an answer's last part
 * (https://github.com/tailcallhq/forgecode/issues/3071).
 */
function keptOf(entry: JournalEntryOf<'model-call-finished'>): readonly AssistantContent[] {
  const written = entry.content.filter(isNotBlank);
  switch (entry.stop) {
    case 'end-turn':
      return withoutLastReasoning(written.filter((part) => part.type !== 'tool-call'));
    case 'tool-use':
    case 'max-tokens':
      return withoutLastReasoning(written);
    case 'cancelled':
    case 'refusal':
      return written.filter((part) => part.type === 'text');
    case 'context-full':
    case 'error':
      return [];
  }
}

function withoutLastReasoning(content: readonly AssistantContent[]): readonly AssistantContent[] {
  return content.slice(0, content.findLastIndex((part) => part.type !== 'reasoning') + 1);
}
