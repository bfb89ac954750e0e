import type { AssistantContent, ModelFinished, ModelRequest } from '@swe/domain';
import type { AgentPorts } from './session-run';

/**
 * Makes one model call and gives its answer. Whatever the stream does (throws, ends early, goes on after its end,
 * outlives its time limit), there is exactly one `finished`: failure is data here.
 */
export async function callModel(
  ports: Pick<AgentPorts, 'model' | 'clock' | 'observe'>,
  request: ModelRequest,
  callNumber: number,
  maxMs: number,
  signal: AbortSignal,
): Promise<ModelFinished> {
  const { model, clock, observe } = ports;
  const over = new AbortController();
  const limit = new AbortController();
  void clock.sleep(maxMs, over.signal).then(() => {
    if (!over.signal.aborted) limit.abort();
  });
  try {
    for await (const event of model.stream(request, AbortSignal.any([signal, limit.signal]))) {
      if (event.type === 'text') observe({ type: 'text.streamed', text: event.delta });
      else if (event.type === 'reasoning') observe({ type: 'reasoning.streamed', text: event.delta });
      else return settle(event);
    }
    return settle(failure('the model ended its stream without an answer'));
  } catch (error) {
    return settle(failure(Error.isError(error) ? error.message : String(error)));
  } finally {
    over.abort();
  }

  function settle(finished: ModelFinished): ModelFinished {
    if (signal.aborted) return { ...finished, stop: 'cancelled' };
    if (limit.signal.aborted && finished.stop !== 'end-turn' && finished.stop !== 'tool-use') {
      return failure(`the model did not finish its answer within ${Math.round(maxMs / 1000)} seconds`);
    }
    return { ...finished, content: withOwnCallIds(finished.content, callNumber) };
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
