import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import type {
  AssistantContent,
  JsonValue,
  ModelMessage,
  ModelRequest,
  SpokenContent,
  ToolResultContent,
  UserContent,
} from '@swe/domain';
import type { Dialect } from './dialect';
import { metadata, toReasoning } from './to-reasoning';
import { toUserPart } from './to-user-part';

type AssistantPart = LanguageModelV4TextPart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart;

/** With the tools' mark and the system's, these are the four that Anthropic allows. */
const MARKED_MESSAGES = 2;

/**
 * The conversation as a provider wants it, without the reasoning of the first `unreasoned` messages. The system block and the last two messages of the user's side carry the
 * dialect's cache mark: the one before last is where the previous call wrote its cache, the last where this one does.
 */
export function toPrompt(
  { system, messages }: Pick<ModelRequest, 'system' | 'messages'>,
  dialect: Dialect,
  unreasoned = 0,
): LanguageModelV4Prompt {
  const withoutReasoning: Dialect = { ...dialect, reasoning: 'dropped' };
  const names = namesOf(messages);
  const prompt: LanguageModelV4Message[] =
    system === '' ? [] : [marked({ role: 'system', content: system }, dialect)];
  const unmarked = messages.filter(({ role }) => role === 'user').length - MARKED_MESSAGES;
  let turns = 0;
  for (const [i, message] of messages.entries()) {
    if (message.role === 'assistant') {
      const spoken = i < unreasoned ? withoutReasoning : dialect;
      const content = message.content.flatMap((part) => toAssistantPart(part, message.content, spoken));
      if (content.length > 0) prompt.push({ role: 'assistant', content });
      continue;
    }
    const parts = toUserMessages(message.content, names, dialect);
    turns += 1;
    const last = parts.pop();
    prompt.push(...parts);
    if (last !== undefined) prompt.push(turns > unmarked ? marked(last, dialect) : last);
  }
  return prompt;
}

/** The results first, then what was said. */
function toUserMessages(
  content: readonly (UserContent | ToolResultContent)[],
  names: ReadonlyMap<string, string>,
  dialect: Dialect,
): LanguageModelV4Message[] {
  const results = content.filter((part) => part.type === 'tool-result');
  const moved = dialect.resultsHoldFiles ? [] : results.flatMap((result) => filesOf(result, dialect));
  const said = [...moved, ...content.filter((part) => part.type !== 'tool-result')];
  const messages: LanguageModelV4Message[] = [];
  if (results.length > 0) {
    messages.push({ role: 'tool', content: results.map((result) => toToolResult(result, names, dialect)) });
  }
  if (said.length > 0) {
    messages.push({ role: 'user', content: said.map((part) => toUserPart(part, dialect)) });
  }
  return messages;
}

/** The files of a result, introduced by a line that says whose they are. */
function filesOf({ callId, content }: ToolResultContent, dialect: Dialect): readonly UserContent[] {
  const files = content.filter((part) => toUserPart(part, dialect).type === 'file');
  if (files.length === 0) return [];
  return [{ type: 'text', text: `[harness] Files of the result of ${callId}:` }, ...files];
}

function toToolResult(
  { callId, content, isError }: ToolResultContent,
  names: ReadonlyMap<string, string>,
  dialect: Dialect,
): LanguageModelV4ToolResultPart {
  const all = content.map((part) => toUserPart(part, dialect));
  const texts = all.filter((part) => part.type === 'text');
  const result = {
    type: 'tool-result' as const,
    toolCallId: callId,
    toolName: names.get(callId) ?? 'unknown',
  };
  if (texts.length === all.length || !dialect.resultsHoldFiles) {
    const moved = all.length - texts.length;
    const note = moved === 0 ? [] : [`[harness] ${moved} file(s) of this result follow in the next message.`];
    const value = [...texts.map((part) => part.text), ...note].join('\n');
    return { ...result, output: { type: isError ? 'error-text' : 'text', value } };
  }
  // A result with files can't be marked as an error: it has to say so.
  const note = isError ? [{ type: 'text' as const, text: '[harness] The call failed.' }] : [];
  return { ...result, output: { type: 'content', value: [...note, ...all] } };
}

function toAssistantPart(
  part: AssistantContent,
  answer: readonly AssistantContent[],
  dialect: Dialect,
): readonly AssistantPart[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text, ...keptOf(part, dialect) }];
    case 'reasoning':
      return toReasoning(part, answer, dialect);
    case 'tool-call':
      return [
        { type: 'tool-call', toolCallId: part.callId, toolName: part.name, input: asObject(part.input) },
      ];
  }
}

function keptOf(
  { kept }: SpokenContent,
  { provider }: Dialect,
): Pick<LanguageModelV4TextPart, 'providerOptions'> {
  return kept?.provider === provider ? { providerOptions: metadata.parse(kept.opaque) } : {};
}

/** Vendors refuse a call in the history whose input is no object, and the templates of local models fail on it. */
function asObject(input: JsonValue): JsonValue {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
}

function namesOf(messages: readonly ModelMessage[]): ReadonlyMap<string, string> {
  const calls = messages.flatMap(({ content }) => content.filter((part) => part.type === 'tool-call'));
  return new Map(calls.map(({ callId, name }) => [callId, name]));
}

function marked(message: LanguageModelV4Message, { cacheMark }: Dialect): LanguageModelV4Message {
  return cacheMark === undefined ? message : { ...message, providerOptions: cacheMark };
}
