import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import type { FaultKind, LanguageModel, ModelEvent, ModelFinished, ModelRequest } from '@swe/domain';
import type { Dialect } from './dialect';
import { createAnswer } from './from-stream';
import { isContextFull } from './is-context-full';
import { isReasoningRefused } from './is-reasoning-refused';
import { isUnknownEvent } from './is-unknown-event';
import { toFault } from './to-fault';
import { toPrompt } from './to-prompt';
import { toTools } from './to-tools';
import { isUncharged, readVendorError } from './vendor-error';

export interface AiSdkLanguageModelOptions {
  /** `<provider>/<model id>`. */
  readonly id: string;
  readonly dialect: Dialect;
}

/** A model of one of the `ai` package's providers, asked directly: one HTTP request per call, none repeated. */
export class AiSdkLanguageModel implements LanguageModel {
  readonly id: string;
  readonly #model: Pick<LanguageModelV4, 'doStream'>;
  readonly #dialect: Dialect;
  /** So many messages, counted from the first, go out without reasoning: the vendor refused what they have. */
  #unreasoned = 0;

  constructor(model: Pick<LanguageModelV4, 'doStream'>, { id, dialect }: AiSdkLanguageModelOptions) {
    this.id = id;
    this.#model = model;
    this.#dialect = dialect;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const answer = createAnswer(this.#dialect);
    const abort = watch(signal);
    let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined;
    try {
      const { stream, response } = await abort.or(() =>
        this.#model.doStream(toCallOptions(request, this.#dialect, this.#unreasoned, signal)),
      );
      const parts = stream.getReader();
      reader = parts;
      if (isWebPage(response)) return yield withFailure('invalid', 'the base URL answers with a web page');
      for (;;) {
        const { done, value } = await abort.or(() => parts.read());
        if (done) return yield withFailure('transient', 'the stream broke off');
        if (value.type === 'error' && !isUnknownEvent(value.error))
          return yield this.#failed(value.error, request);
        const event = answer.add(value);
        if (event !== undefined) yield event;
        if (event?.type === 'finished') return;
      }
    } catch (error) {
      yield signal.aborted
        ? { type: 'finished', stop: 'cancelled', content: answer.words() }
        : this.#failed(error, request, reader === undefined);
    } finally {
      abort.unwatch();
      // Lets go of the connection. Not awaited: a provider that ignores its signal may ignore this as well.
      reader?.cancel().catch(() => undefined);
    }
  }

  /** `isUnanswered`: before anything of an answer came. */
  #failed(error: unknown, { messages }: ModelRequest, isUnanswered = false): ModelFinished {
    const vendor = readVendorError(error);
    if (isContextFull(vendor)) return { type: 'finished', stop: 'context-full', content: [] };
    if (isReasoningRefused(vendor) && this.#unreasoned < messages.length) {
      // What is refused once is refused for ever, and the session with it: the next try goes without.
      this.#unreasoned = messages.length;
      const message = `earlier reasoning was refused and is left out now: ${vendor.message}`;
      return withFailure('transient', message, { isUncharged: isUnanswered && isUncharged(vendor) });
    }
    const { kind, message, retryAfterMs } = toFault(error);
    return withFailure(kind, message, { retryAfterMs, isUncharged: isUnanswered && isUncharged(vendor) });
  }
}

/** Doesn't rely on a provider to heed the signal. */
function watch(signal: AbortSignal) {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  aborted.catch(() => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    or<T>(work: () => PromiseLike<T>): Promise<T> {
      if (signal.aborted) return Promise.reject(signal.reason);
      return Promise.race([work(), aborted]);
    },
    unwatch: () => signal.removeEventListener('abort', onAbort),
  };
}

function toCallOptions(
  { system, tools, messages, maxOutputTokens }: ModelRequest,
  dialect: Dialect,
  unreasoned: number,
  abortSignal: AbortSignal,
): LanguageModelV4CallOptions {
  return {
    prompt: toPrompt({ system, messages }, dialect, unreasoned),
    tools: toTools(tools, dialect),
    maxOutputTokens,
    abortSignal,
    ...(dialect.callOptions === undefined ? {} : { providerOptions: dialect.callOptions }),
  };
}

function withFailure(
  kind: FaultKind,
  message: string,
  more: Omit<NonNullable<ModelFinished['failure']>, 'kind' | 'message'> = {},
): ModelFinished {
  return { type: 'finished', stop: 'error', content: [], failure: { kind, message, ...more } };
}

/** Not a stream that broke off: asking again gives the same page. */
function isWebPage(response: LanguageModelV4StreamResult['response']): boolean {
  return response?.headers?.['content-type']?.startsWith('text/html') ?? false;
}
