import type {
  ContentBlockDeltaEvent,
  ContentBlockStartEvent,
  ConverseStreamOutput,
  TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import { text, toolCallsOf } from '@swe/domain';
import type { AssistantContent, ModelEvent, ModelFinished, SpokenContent, Usage } from '@swe/domain';
import { fromStopReason } from './from-stop-reason';
import { fromToolInput } from './from-tool-input';
import { fromUsage } from './from-usage';
import { sealOf } from './reasoning';

export interface AnswerInProgress {
  /** Takes in an event of the stream; gives what may be shown of it. */
  add(event: ConverseStreamOutput): ModelEvent | undefined;
  /** What was said so far. */
  words(): readonly SpokenContent[];
  /** The whole answer; undefined as long as Bedrock has not said that it is complete. */
  finished(): ModelFinished | undefined;
}

type Kind = 'text' | 'reasoning' | 'tool-call';

interface Block {
  readonly kind: Kind;
  written: string;
  signature: string;
  readonly redacted: Uint8Array[];
  readonly call?: { readonly id: string; readonly name: string };
  isComplete: boolean;
}

/** Puts an answer together. A tool call counts once its block has ended, the answer once `messageStop` has come. */
export function createAnswer(provider: string): AnswerInProgress {
  const blocks = new Map<number, Block>();
  let hasSpoken = false;
  let stop: { readonly reason: string | undefined } | undefined;
  let usage: TokenUsage | undefined;

  function start({ contentBlockIndex = 0, start }: ContentBlockStartEvent): void {
    if (start?.toolUse === undefined) return;
    const { toolUseId = '', name = '' } = start.toolUse;
    blocks.set(contentBlockIndex, { ...emptyBlock('tool-call'), call: { id: toolUseId, name } });
  }

  function append({ contentBlockIndex = 0, delta }: ContentBlockDeltaEvent): ModelEvent | undefined {
    const blockOf = (kind: Kind): Block => {
      const block = blocks.get(contentBlockIndex) ?? emptyBlock(kind);
      blocks.set(contentBlockIndex, block);
      return block;
    };
    if (delta?.text !== undefined) return say(blockOf('text'), delta.text);
    if (delta?.toolUse !== undefined) {
      blockOf('tool-call').written += delta.toolUse.input ?? '';
      return undefined;
    }
    if (delta?.reasoningContent === undefined) return undefined;
    const { text: thought, signature, redactedContent } = delta.reasoningContent;
    const block = blockOf('reasoning');
    if (signature !== undefined) block.signature += signature;
    if (redactedContent !== undefined) block.redacted.push(redactedContent);
    if (thought === undefined || thought === '') return undefined;
    block.written += thought;
    return { type: 'reasoning', delta: thought };
  }

  function say(block: Block, delta: string): ModelEvent | undefined {
    if (delta === '') return undefined;
    // Texts are shown one per line, so what is streamed adds up to what is shown.
    const isNext = block.written === '' && hasSpoken;
    block.written += delta;
    hasSpoken = true;
    return { type: 'text', delta: isNext ? `\n${delta}` : delta };
  }

  const inOrder = (): readonly Block[] =>
    [...blocks.entries()].toSorted(([a], [b]) => a - b).map(([, block]) => block);
  const contentOf = (some: readonly Block[]) => some.flatMap((block) => toContent(block, provider));

  return {
    add(event) {
      if (event.contentBlockStart !== undefined) start(event.contentBlockStart);
      if (event.contentBlockDelta !== undefined) return append(event.contentBlockDelta);
      if (event.contentBlockStop !== undefined) {
        const block = blocks.get(event.contentBlockStop.contentBlockIndex ?? 0);
        if (block !== undefined) block.isComplete = true;
      }
      if (event.messageStop !== undefined) stop = { reason: event.messageStop.stopReason };
      if (event.metadata !== undefined) usage = event.metadata.usage;
      return undefined;
    },
    words: () => contentOf(inOrder()).filter((part) => part.type === 'text'),
    finished() {
      if (stop === undefined) return undefined;
      const whole = stop.reason === 'max_tokens' ? withoutHalfCall(inOrder()) : inOrder();
      return finishedAnswer(contentOf(whole), stop.reason, fromUsage(usage));
    },
  };
}

function emptyBlock(kind: Kind): Block {
  return { kind, written: '', signature: '', redacted: [], isComplete: false };
}

function toContent(block: Block, provider: string): readonly AssistantContent[] {
  const { kind, written, signature, redacted, call, isComplete } = block;
  if (kind === 'text') return written === '' ? [] : [text(written)];
  if (kind === 'reasoning') {
    const opaque = sealOf(signature, redacted);
    return written === '' && opaque === null ? [] : [{ type: 'reasoning', provider, text: written, opaque }];
  }
  if (call === undefined || !isComplete) return [];
  return [{ type: 'tool-call', callId: call.id, name: call.name, ...fromToolInput(written) }];
}

function finishedAnswer(
  content: readonly AssistantContent[],
  reason: string | undefined,
  usage: Usage | undefined,
): ModelFinished {
  const stop = fromStopReason(reason, toolCallsOf(content).length > 0);
  switch (stop) {
    case 'tool-use':
    case 'end-turn':
    case 'max-tokens':
      return { type: 'finished', stop, content, usage };
    case 'error': {
      const failure = { kind: 'transient', message: `the model broke off (${reason})` } as const;
      return { type: 'finished', stop, content: [], usage, failure };
    }
    default:
      return { type: 'finished', stop, content: content.filter(({ type }) => type !== 'tool-call'), usage };
  }
}

/** The limit may have come in the middle of the last call, and what there is of it may look whole. */
function withoutHalfCall(blocks: readonly Block[]): readonly Block[] {
  return blocks.at(-1)?.kind === 'tool-call' ? blocks.slice(0, -1) : blocks;
}
