import { toolCallsOf } from '@swe/domain';
import type { AssistantContent, LanguageModel, ModelFinished, ModelRequest } from '@swe/domain';
import type { AgentPorts } from './agent-ports';

/** How long a model that was told to end has to do so before its answer is written for it. */
const ABORT_GRACE_MS = 1_500;

/**
 * Makes one model call and gives its answer. Whatever the stream does (throws, ends early, goes on after its end,
 * outlives its time limit, ignores a stop), there is exactly one `finished`: failure is data here.
 */
export async function callModel(
  ports: Pick<AgentPorts, 'clock' | 'observe'> & { readonly model: LanguageModel },
  request: ModelRequest,
  callNumber: number,
  maxMs: number,
  signal: AbortSignal,
): Promise<ModelFinished> {
  const { model, clock, observe } = ports;
  const over = new AbortController();
  const limit = new AbortController();
  const abort = AbortSignal.any([signal, limit.signal]);
  void clock.sleep(maxMs, over.signal).then(() => {
    if (!over.signal.aborted) limit.abort();
  });
  try {
    return settle(await Promise.race([answer(), overdue()]));
  } finally {
    over.abort();
  }

  async function answer(): Promise<ModelFinished> {
    try {
      for await (const event of model.stream(request, abort)) {
        if (over.signal.aborted) break;
        if (event.type === 'text') observe({ type: 'text.streamed', text: event.delta });
        else if (event.type === 'reasoning') observe({ type: 'reasoning.streamed', text: event.delta });
        else return event;
      }
      return failure('the model ended its stream without an answer');
    } catch (error) {
      return failure(Error.isError(error) ? error.message : String(error));
    }
  }

  function overdue(): Promise<ModelFinished> {
    return new Promise((resolve) => {
      const wait = async (): Promise<void> => {
        await clock.sleep(ABORT_GRACE_MS, over.signal);
        resolve(failure('the model did not end its stream when it was told to'));
      };
      if (abort.aborted) void wait();
      else abort.addEventListener('abort', wait, { once: true, signal: over.signal });
    });
  }

  function settle(finished: ModelFinished): ModelFinished {
    const { stop, usage } = finished;
    const content = withOwnCallIds(finished.content, callNumber);
    if (signal.aborted) return { type: 'finished', stop: 'cancelled', content, usage };
    if (limit.signal.aborted && (stop === 'cancelled' || stop === 'error')) {
      const seconds = Math.round(maxMs / 1000);
      return { ...failure(`the model did not finish its answer within ${seconds} seconds`), usage };
    }
    if (stop !== 'end-turn' && stop !== 'tool-use') return { ...finished, content };
    // Servers confuse the two; what was asked for decides.
    return { ...finished, content, stop: toolCallsOf(content).length > 0 ? 'tool-use' : 'end-turn' };
  }
}

function failure(message: string): ModelFinished {
  return { type: 'finished', stop: 'error', content: [], failure: { kind: 'transient', message } };
}

/** Providers promise ids that are unique in one answer at best, and some local servers send none. */
function withOwnCallIds(
  content: readonly AssistantContent[],
  callNumber: number,
): readonly AssistantContent[] {
  let calls = 0;
  return content.map((part) =>
    part.type === 'tool-call' ? { ...part, callId: `call-${callNumber}-${++calls}` } : part,
  );
}
