import { noUsage } from '@swe/domain';
import type {
  AssistantContent,
  JsonValue,
  LanguageModel,
  ModelEvent,
  ModelFinished,
  ModelRequest,
  StopReason,
  Usage,
} from '@swe/domain';

/** One answer of a scripted model. `stop` follows from `calls` unless given. */
export interface ScriptedAnswer {
  readonly say?: string;
  readonly calls?: readonly {
    readonly name: string;
    readonly input: JsonValue;
    readonly malformedInput?: string;
  }[];
  readonly stop?: StopReason;
  readonly usage?: Usage;
  readonly failure?: NonNullable<ModelFinished['failure']>;
  /** Says its words and then nothing more until the call is aborted. */
  readonly hang?: boolean;
}

export type ScriptedTurn =
  ScriptedAnswer | ((request: ModelRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);

/**
 * A model that answers from a script, call by call. A call beyond the script's end throws, which no adapter may do.
 * `assertDone` throws when answers are left, or when there were too few: the agent may have made a failure of that.
 */
export class ScriptedLanguageModel implements LanguageModel {
  readonly id = 'scripted/test';
  /** Every request as it was when it came. */
  readonly requests: ModelRequest[] = [];
  readonly #turns: ScriptedTurn[];
  #ranDry = false;

  constructor(turns: readonly ScriptedTurn[]) {
    this.#turns = [...turns];
  }

  assertDone(): void {
    if (this.#ranDry)
      throw new Error(`the script was too short: call ${this.requests.length + 1} had no answer`);
    if (this.#turns.length > 0) throw new Error(`the script has ${this.#turns.length} answer(s) left`);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const turn = this.#turns.shift();
    if (turn === undefined) {
      this.#ranDry = true;
      throw new Error(`the script is dry: call ${this.requests.length + 1} has no answer`);
    }
    this.requests.push(structuredClone(request));
    const answer = typeof turn === 'function' ? await turn(request) : turn;

    const { say = '', calls = [], usage = noUsage, failure } = answer;
    for (const delta of say.split(/(?<= )/)) if (delta !== '') yield { type: 'text', delta };
    if (answer.hang === true) await aborted(signal);
    if (signal.aborted) {
      yield { type: 'finished', stop: 'cancelled', content: textContent(say), usage };
      return;
    }
    if (failure !== undefined) {
      yield { type: 'finished', stop: 'error', content: [], failure };
      return;
    }
    const content: AssistantContent[] = [
      ...textContent(say),
      ...calls.map((call, i) => ({ type: 'tool-call' as const, callId: `t${i}`, ...call })),
    ];
    const stop = answer.stop ?? (calls.length > 0 ? 'tool-use' : 'end-turn');
    yield { type: 'finished', stop, content, usage };
  }
}

function textContent(say: string): AssistantContent[] {
  return say === '' ? [] : [{ type: 'text', text: say }];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
