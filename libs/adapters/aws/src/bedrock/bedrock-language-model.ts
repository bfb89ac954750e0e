import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import type { BedrockRuntimeClient, ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import type { LanguageModel, ModelEvent, ModelFacts, ModelFinished, ModelRequest } from '@swe/domain';
import { regionOf } from '../region-of';
import { createAnswer } from './from-stream';
import { isContextFull } from './is-context-full';
import { isReasoningRefused } from './is-reasoning-refused';
import { toConverse } from './to-converse';
import type { CachePlace, ConverseOptions } from './to-converse';
import { toFault } from './to-fault';
import type { ThinkingBudget } from './to-model-fields';
import { vendorOf } from './vendor-of';
import { isUncharged, statusOf } from './vendor-refusal';

export interface BedrockOptions {
  /** `<provider>/<model id>`. */
  readonly id: string;
  /** An id or an ARN of a model or an inference profile. */
  readonly modelId: string;
  /** How it thinks; where nobody says so it isn't asked to. */
  readonly thinking?: ModelFacts['thinking'] | undefined;
  readonly thinkingBudget?: ThinkingBudget | undefined;
  /** Names of Anthropic's trial features, asked for with every call. */
  readonly betas?: readonly string[] | undefined;
  /** Where the model takes marks for its cache; where nobody says so it gets none. */
  readonly cachePoints?: readonly CachePlace[] | undefined;
}

/** Of one call, in tokens. */
const THINKING_BUDGET: ThinkingBudget = { usual: 8_192, highest: 32_000 };

/**
 * A model on Amazon Bedrock, asked through ConverseStream. One call is one HTTP request: the client has to be made with
 * `maxAttempts: 1`, and with a `NodeHttpHandler` that keeps its connections, for the default one opens a new one per
 * call.
 */
export class BedrockLanguageModel implements LanguageModel {
  readonly id: string;
  readonly #client: BedrockRuntimeClient;
  readonly #options: ConverseOptions;
  /** So many messages, counted from the first, go out without reasoning: the vendor refused what they have. */
  #unreasoned = 0;

  constructor(client: BedrockRuntimeClient, options: BedrockOptions) {
    const { id, modelId, thinking = 'none', thinkingBudget = THINKING_BUDGET } = options;
    this.id = id;
    this.#client = client;
    this.#options = {
      modelId,
      thinking,
      budget: thinkingBudget,
      betas: options.betas ?? [],
      cachePoints: options.cachePoints ?? [],
      // Models of one vendor take each other's reasoning, or pass over it; those of another refuse it.
      provider: `bedrock/${vendorOf(modelId)}`,
    };
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const answer = createAnswer(this.#options.provider);
    const abort = linkedTo(signal);
    let events: AsyncIterator<ConverseStreamOutput> | undefined;
    let isSent = false;
    try {
      const command = new ConverseStreamCommand(toConverse(request, this.#options, this.#unreasoned));
      // The last that comes before the request goes out: credentials, region and endpoint are found by then.
      command.middlewareStack.add(
        (next) => (args) => {
          isSent = true;
          return next(args);
        },
        { step: 'deserialize', priority: 'low' },
      );
      const { stream } = await abort.or(() => this.#client.send(command, { abortSignal: abort.signal }));
      events = stream?.[Symbol.asyncIterator]();
      for (;;) {
        const next = await abort.or(async () => events?.next());
        if (next === undefined || next.done === true) break;
        const event = answer.add(next.value);
        if (event !== undefined) yield event;
      }
      yield answer.finished() ?? withFailure({ kind: 'transient', message: 'the stream broke off' });
    } catch (error) {
      // What comes behind the end of an answer doesn't undo it.
      const finished = answer.finished();
      if (finished !== undefined) yield finished;
      else if (signal.aborted) yield { type: 'finished', stop: 'cancelled', content: answer.words() };
      else {
        const isFree = events === undefined && (!isSent || isUncharged(error));
        yield await this.#failed(error, request, events !== undefined, isFree);
      }
    } finally {
      // Lets go of the connection; one whose answer was read to its end is Node's already, and kept.
      abort.end();
    }
  }

  async #failed(
    error: unknown,
    { messages }: ModelRequest,
    hasBegun: boolean,
    isFree: boolean,
  ): Promise<ModelFinished> {
    if (isContextFull(error)) return { type: 'finished', stop: 'context-full', content: [] };
    const { modelId } = this.#options;
    const { kind, message, retryAfterMs } = toFault(error, { modelId, region: await regionOf(this.#client) });
    const uncharged = isFree ? { isUncharged: true } : {};
    if (isReasoningRefused(error) && this.#unreasoned < messages.length) {
      // What is refused once is refused for ever, and the session with it: the next try goes without.
      this.#unreasoned = messages.length;
      return withFailure({
        kind: 'transient',
        message: `earlier reasoning was refused and is left out now: ${message}`,
        ...uncharged,
      });
    }
    // A checksum that doesn't fit, half a frame: what nobody knows in the midst of an answer is a broken connection. The
    // SDK reads the first frame before it gives the stream away.
    const isAnswer = hasBegun || statusOf(error) === 200;
    const isBroken = isAnswer && kind === 'invalid' && !isServiceException(error);
    return withFailure({ kind: isBroken ? 'transient' : kind, message, retryAfterMs, ...uncharged });
  }
}

/** Ends with `signal`, also the work of an SDK that doesn't heed it, and with `end`. */
function linkedTo(signal: AbortSignal) {
  const own = new AbortController();
  const onAbort = (): void => own.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const aborted = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return {
    signal: own.signal,
    or<T>(work: () => Promise<T>): Promise<T> {
      if (own.signal.aborted) return Promise.reject(own.signal.reason);
      return Promise.race([work(), aborted]);
    },
    end(): void {
      signal.removeEventListener('abort', onAbort);
      own.abort();
    },
  };
}

/** An error that the service named. */
function isServiceException(error: unknown): boolean {
  return typeof error === 'object' && error !== null && '$fault' in error;
}

function withFailure(failure: NonNullable<ModelFinished['failure']>): ModelFinished {
  return { type: 'finished', stop: 'error', content: [], failure };
}
