import type { JsonObject } from '@swe/domain';
import { readConversation } from '@swe/testing/servers';
import type { LoopbackCall, LoopbackRequest, LoopbackTurn, Part } from '@swe/testing/servers';

export type Conversation = readonly Part[];

/** A model that follows a script: it yields what it answers and gets back what it is sent next. */
export type ModelScript = (
  first: Conversation,
) => Generator<LoopbackTurn, void, Conversation> | AsyncGenerator<LoopbackTurn, void, Conversation>;

/**
 * A loopback server's script that plays `script`. A script that throws, or has ended, refuses the request as one that
 * must not be made again, so that the run ends with the reason.
 */
export function played(script: ModelScript): (request: LoopbackRequest) => Promise<LoopbackTurn> {
  let playing: ReturnType<ModelScript> | undefined;

  async function next(conversation: Conversation): Promise<IteratorResult<LoopbackTurn, void>> {
    if (playing !== undefined) return playing.next(conversation);
    playing = script(conversation);
    return playing.next();
  }

  return async (request) => {
    try {
      const { done, value } = await next(readConversation(request));
      return done === true
        ? refused('the script has run dry')
        : (value ?? refused('the script gave nothing'));
    } catch (error) {
      return refused(`the script failed: ${Error.isError(error) ? error.message : String(error)}`);
    }
  };
}

function refused(message: string): LoopbackTurn {
  return { status: 400, error: { type: 'invalid_request_error', message } };
}

export const call = (name: string, input: JsonObject = {}): LoopbackCall => ({ name, input });

export const bash = (command: string, options: JsonObject = {}): LoopbackCall =>
  call('bash', { command, ...options });

/** What `pattern` captures in `text`. Throws where it isn't: a script can't go on without. */
export function found(pattern: RegExp, text: string | undefined): string {
  const capture = pattern.exec(text ?? '')?.[1];
  if (capture === undefined) throw new Error(`no ${pattern} in: ${text?.slice(0, 500)}`);
  return capture;
}
