import type { Usage } from '../budget/usage';
import type { AssistantContent } from '../conversation/content';
import type { Effort } from '../conversation/effort-policy';
import type { ModelMessage } from '../conversation/model-message';
import type { JsonObject } from '../json';
import type { StopReason } from '../session/journal-entry';
import type { FaultKind } from '../fault';

/** A tool as a model sees it. `inputSchema` is JSON Schema with an object at its top. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

export interface ModelRequest {
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly ModelMessage[];
  readonly maxOutputTokens: number;
  /** How much it is to think; `usual` when absent. A model that can't be told does as it always does. */
  readonly effort?: Effort;
}

/** The last event of every call: the whole answer, whatever was streamed before. */
export interface ModelFinished {
  readonly type: 'finished';
  readonly stop: StopReason;
  /** Complete blocks only. */
  readonly content: readonly AssistantContent[];
  /** Absent when the provider never reported it. */
  readonly usage?: Usage | undefined;
  /** Set exactly when `stop` is `error`. */
  readonly failure?: {
    readonly kind: FaultKind;
    readonly message: string;
    readonly retryAfterMs?: number | undefined;
    /** The vendor never took the call up: it refused it, or never got it. Nobody pays for it. */
    readonly isUncharged?: boolean | undefined;
  };
}

export type ModelEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'reasoning'; readonly delta: string }
  | ModelFinished;

/**
 * One model. `stream` makes one streamed call.
 *
 * - ends with exactly one `finished`, and nothing after it
 * - never throws: failures end the stream with `error`, and say their kind
 * - streamed text adds up to the text of the answer
 * - an aborted signal ends the call within a second, as `cancelled`
 * - a stream that breaks off is an `error` and never yields half a tool call
 * - tool calls end with `tool-use`, and only they do
 * - usage comes in four tiers
 * - a call that the vendor refuses is said to be uncharged, one that breaks off is not
 * - a call that never reaches the vendor is said to be uncharged
 */
export interface LanguageModel {
  /** `<provider>/<model id>`. */
  readonly id: string;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}
