import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { jsonValue, text, toolCallsOf } from '@swe/domain';
import type { AssistantContent, JsonValue, ModelEvent, ModelFinished, SpokenContent } from '@swe/domain';
import type { Dialect } from './dialect';
import { fromFinishReason } from './from-finish-reason';
import { fromToolInput } from './from-tool-input';
import { fromUsage } from './from-usage';

export interface AnswerInProgress {
  /** Takes in a part of the stream; gives the event that it leads to. */
  add(part: LanguageModelV4StreamPart): ModelEvent | undefined;
  /** What was said so far. */
  words(): readonly SpokenContent[];
}

type Keeping = Pick<Dialect, 'provider' | 'keptOfText'>;

interface Block {
  readonly kind: 'text' | 'reasoning' | 'tool-call';
  text: string;
  metadata: SharedV4ProviderMetadata;
  readonly call?: LanguageModelV4ToolCall;
}

/**
 * Puts an answer together. A tool call counts once its provider has said that it is complete; the provider's finish
 * decides whether the answer does.
 */
export function createAnswer(keeping: Keeping): AnswerInProgress {
  const blocks: Block[] = [];
  const open = new Map<string, Block>();
  let hasSpoken = false;

  function begin(kind: 'text' | 'reasoning', id: string): Block {
    const block: Block = { kind, text: '', metadata: {} };
    blocks.push(block);
    open.set(`${kind} ${id}`, block);
    return block;
  }

  function append(kind: 'text' | 'reasoning', id: string, delta: string): ModelEvent | undefined {
    const block = open.get(`${kind} ${id}`) ?? begin(kind, id);
    // Texts are shown one per line, so what is streamed adds up to what is shown.
    const isNext = kind === 'text' && block.text === '' && hasSpoken;
    block.text += delta;
    if (delta === '') return undefined;
    if (kind === 'text') hasSpoken = true;
    return { type: kind, delta: isNext ? `\n${delta}` : delta };
  }

  function seal(
    kind: 'text' | 'reasoning',
    id: string,
    metadata: SharedV4ProviderMetadata | undefined,
  ): void {
    const block = open.get(`${kind} ${id}`);
    if (block !== undefined) block.metadata = merged(block.metadata, metadata);
  }

  return {
    add(part) {
      switch (part.type) {
        case 'text-start':
          begin('text', part.id);
          seal('text', part.id, part.providerMetadata);
          return undefined;
        case 'text-end':
          seal('text', part.id, part.providerMetadata);
          return undefined;
        case 'text-delta':
          return append('text', part.id, part.delta);
        case 'reasoning-start':
          begin('reasoning', part.id);
          seal('reasoning', part.id, part.providerMetadata);
          return undefined;
        case 'reasoning-delta': {
          const event = append('reasoning', part.id, part.delta);
          seal('reasoning', part.id, part.providerMetadata);
          return event;
        }
        case 'reasoning-end':
          seal('reasoning', part.id, part.providerMetadata);
          return undefined;
        case 'tool-call':
          blocks.push({ kind: 'tool-call', text: '', metadata: {}, call: part });
          return undefined;
        case 'finish':
          return finished(
            blocks.flatMap((block) => toContent(block, keeping)),
            part,
          );
        default:
          return undefined;
      }
    },
    words: () => blocks.flatMap((block) => toContent(block, keeping)).filter((part) => part.type === 'text'),
  };
}

function toContent(
  { kind, text: written, metadata, call }: Block,
  { provider, keptOfText = [] }: Keeping,
): readonly AssistantContent[] {
  if (call !== undefined) {
    const { toolCallId, toolName, input } = call;
    return [{ type: 'tool-call', callId: toolCallId, name: toolName, ...fromToolInput(input) }];
  }
  if (kind === 'text') {
    if (written === '') return [];
    const opaque = asOpaque(onlyOf(metadata, keptOfText));
    return [opaque === null ? text(written) : { ...text(written), kept: { provider, opaque } }];
  }
  const opaque = asOpaque(metadata);
  return written === '' && opaque === null ? [] : [{ type: 'reasoning', provider, text: written, opaque }];
}

function asOpaque(metadata: SharedV4ProviderMetadata): JsonValue {
  return Object.keys(metadata).length === 0 ? null : jsonValue.parse(metadata);
}

function onlyOf(metadata: SharedV4ProviderMetadata, names: readonly string[]): SharedV4ProviderMetadata {
  const picked = Object.entries(metadata).map(
    ([provider, values]) =>
      [
        provider,
        Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name))),
      ] as const,
  );
  return Object.fromEntries(picked.filter(([, values]) => Object.keys(values).length > 0));
}

function finished(
  content: readonly AssistantContent[],
  {
    finishReason,
    usage: reported,
  }: { finishReason: LanguageModelV4FinishReason; usage: LanguageModelV4Usage },
): ModelFinished {
  const stop = fromFinishReason(finishReason, toolCallsOf(content).length > 0);
  const usage = fromUsage(reported);
  switch (stop) {
    case 'tool-use':
    case 'end-turn':
      return { type: 'finished', stop, content, usage };
    case 'max-tokens':
      return { type: 'finished', stop, content: withoutHalfCall(content), usage };
    case 'error': {
      const message = `the model broke off${finishReason.raw === undefined ? '' : ` (${finishReason.raw})`}`;
      return { type: 'finished', stop, content: [], usage, failure: { kind: 'transient', message } };
    }
    default:
      return { type: 'finished', stop, content: content.filter(({ type }) => type !== 'tool-call'), usage };
  }
}

/** The limit may have come in the middle of the last call, and what there is of it may look whole. */
function withoutHalfCall(content: readonly AssistantContent[]): readonly AssistantContent[] {
  return content.at(-1)?.type === 'tool-call' ? content.slice(0, -1) : content;
}

/** Deltas add to what the start said; a later value replaces an earlier one, unless it is null. */
function merged(
  before: SharedV4ProviderMetadata,
  added: SharedV4ProviderMetadata | undefined,
): SharedV4ProviderMetadata {
  const result = { ...before };
  for (const [name, values] of Object.entries(added ?? {})) {
    const given = Object.entries(values).filter(([, value]) => value != null);
    result[name] = { ...result[name], ...Object.fromEntries(given) };
  }
  return result;
}
