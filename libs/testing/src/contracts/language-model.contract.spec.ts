import { noUsage } from '@swe/domain';
import type { LanguageModel, ModelEvent } from '@swe/domain';
import { ScriptedLanguageModel } from '../memory/scripted-language-model';
import type { ScriptedTurn } from '../memory/scripted-language-model';
import { languageModelContract } from './language-model.contract';
import type { LanguageModelSubject, ModelScenario } from './language-model.contract';
import { proveBites, runContract } from './run-contract';
import type { Opened } from './run-contract';

const SCRIPT: Record<ModelScenario, ScriptedTurn> = {
  words: { say: 'Hello to you.' },
  tools: {
    say: 'Looking.',
    calls: [
      { name: 'look', input: {} },
      { name: 'look', input: {} },
    ],
  },
  failure: { failure: { kind: 'throttled', message: 'slow down', isUncharged: true } },
  unreached: { failure: { kind: 'transient', message: 'nobody is there', isUncharged: true } },
  broken: { failure: { kind: 'transient', message: 'the stream broke off' } },
  silence: { say: 'Well', hang: true },
};
const scripted = (scenario: ModelScenario): LanguageModel => new ScriptedLanguageModel([SCRIPT[scenario]]);

/** The scripted model with its events passed through `change`. */
function broken(
  change: (events: AsyncIterable<ModelEvent>) => AsyncIterable<ModelEvent>,
): Opened<LanguageModelSubject> {
  return {
    subject: {
      model: (scenario) => ({
        id: 'scripted/broken',
        stream: (request, signal) => change(scripted(scenario).stream(request, signal)),
      }),
    },
  };
}

const each = (change: (event: ModelEvent) => ModelEvent[]) =>
  broken(async function* (events) {
    for await (const event of events) yield* change(event);
  });

runContract('ScriptedLanguageModel', languageModelContract, () => ({ subject: { model: scripted } }));

proveBites('language-model', languageModelContract, {
  'ends with exactly one `finished`, and nothing after it': () => each((event) => [event, event]),
  'never throws: failures end the stream with `error`, and say their kind': () =>
    each((event) => {
      if (event.type === 'finished' && event.failure !== undefined) throw new Error(event.failure.message);
      return [event];
    }),
  'streamed text adds up to the text of the answer': () =>
    each((event) => (event.type === 'text' ? [{ ...event, delta: event.delta.trim() }] : [event])),
  'an aborted signal ends the call within a second, as `cancelled`': () =>
    each((event) => (event.type === 'finished' ? [{ ...event, stop: 'end-turn' }] : [event])),
  'a stream that breaks off is an `error` and never yields half a tool call': () =>
    each((event) =>
      event.type === 'finished'
        ? [{ ...event, content: [{ type: 'tool-call', callId: 'half', name: 'look', input: {} }] }]
        : [event],
    ),
  'tool calls end with `tool-use`, and only they do': () =>
    each((event) =>
      event.type === 'finished' && event.stop === 'tool-use' ? [{ ...event, stop: 'end-turn' }] : [event],
    ),
  'a call that the vendor refuses is said to be uncharged, one that breaks off is not': () =>
    each((event) => {
      if (event.type !== 'finished' || event.failure === undefined) return [event];
      return [{ ...event, failure: { ...event.failure, isUncharged: true } }];
    }),
  'a call that never reaches the vendor is said to be uncharged': () =>
    each((event) => {
      if (event.type !== 'finished' || event.failure?.kind !== 'transient') return [event];
      const { isUncharged: _lost, ...failure } = event.failure;
      return [{ ...event, failure }];
    }),
  'usage comes in four tiers': () =>
    each((event) => {
      if (event.type !== 'finished') return [event];
      const { cacheReadTokens: _lost, ...rest } = noUsage;
      return [{ ...event, usage: rest as typeof noUsage }];
    }),
});
