import { Fault, text } from '@swe/domain';
import type { AssistantContent, Clock, LanguageModel, ModelEvent, ModelRequest, Usage } from '@swe/domain';
import { fixFailingTest } from './fix-failing-test';
import { nextAnswer } from './next-answer';
import type { Answer } from './next-answer';
import type { Script } from './script';

/** Estimated: about what tokenizers make of English and code. */
const BYTES_PER_TOKEN = 4;

const SCRIPTS: Readonly<Record<string, Script>> = { 'fix-failing-test': fixFailingTest };

/** The names of all scripts; the first is the default. */
export const REHEARSAL_SCRIPTS: readonly string[] = Object.keys(SCRIPTS);

/** How fast a rehearsal speaks: it waits `wordMs` before each word. */
export interface Pace {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly wordMs: number;
}

/** The rehearsal of that name (`rehearsal/<script>` without the provider). An unknown name is `invalid`. */
export function rehearsalModel(scriptName: string, pace?: Pace): LanguageModel {
  const script = Object.hasOwn(SCRIPTS, scriptName) ? SCRIPTS[scriptName] : undefined;
  if (script === undefined) {
    const known = REHEARSAL_SCRIPTS.join(', ');
    throw new Fault(
      'invalid',
      `there is no rehearsal script ${JSON.stringify(scriptName)}; there are: ${known}`,
    );
  }
  return new RehearsalModel(`rehearsal/${scriptName}`, script, pace);
}

/**
 * A model without a model: a script that reads what the tools gave and decides by simple rules. It is stateless and
 * deterministic, the same request always gives the same events, and it says plainly that it is no intelligence.
 * Usage is estimated from bytes; a rehearsal has no cache, so all input counts as new.
 */
export class RehearsalModel implements LanguageModel {
  readonly id: string;
  readonly #script: Script;
  readonly #pace: Pace | undefined;

  constructor(id: string, script: Script, pace?: Pace) {
    this.id = id;
    this.#script = script;
    this.#pace = pace;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    let answer: Answer;
    try {
      answer = nextAnswer(this.#script, request.messages);
    } catch (error) {
      const message = `the rehearsal's script failed: ${String(error)}`;
      yield { type: 'finished', stop: 'error', content: [], failure: { kind: 'invalid', message } };
      return;
    }
    let said = '';
    for (const word of answer.say.match(/\S+\s*|\s+/g) ?? []) {
      await this.#pace?.clock.sleep(this.#pace.wordMs, signal);
      if (signal.aborted) break;
      said += word;
      yield { type: 'text', delta: word };
    }
    const words = said === '' ? [] : [text(said)];
    if (signal.aborted) {
      yield { type: 'finished', stop: 'cancelled', content: words, usage: usageOf(request, words) };
      return;
    }
    const content = [...words, ...callsOf(answer, request.messages.length)];
    const stop = answer.refuses ? 'refusal' : answer.calls.length === 0 ? 'end-turn' : 'tool-use';
    yield { type: 'finished', stop, content, usage: usageOf(request, content) };
  }
}

/** The conversation only grows, so its length makes ids that no earlier answer had. */
function callsOf({ calls }: Answer, messageCount: number): readonly AssistantContent[] {
  return calls.map(({ name, input }, i) => ({
    type: 'tool-call',
    callId: `rehearsal-${messageCount}-${i + 1}`,
    name,
    input,
  }));
}

function usageOf({ system, tools, messages }: ModelRequest, content: readonly AssistantContent[]): Usage {
  return {
    inputTokens: estimatedTokens([system, tools, messages]),
    outputTokens: content.length === 0 ? 0 : estimatedTokens(content),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
}

function estimatedTokens(value: unknown): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(value)) / BYTES_PER_TOKEN);
}
