import { languageModelContract, runContract } from '@swe/testing/contracts';
import type { ModelScenario } from '@swe/testing/contracts';
import { RehearsalModel } from './rehearsal-model';
import type { Script } from './script';

const look = { name: 'look', input: {} };
const SCRIPTS: Readonly<Record<ModelScenario, Script>> = {
  words: function* () {
    return { say: 'Hello to you.', gaveUp: false };
  },
  tools: function* () {
    yield { say: 'Looking.', calls: [look, look] };
    return { say: 'Looked.', gaveUp: false };
  },
  failure: function* () {
    throw new Error('a bug in the script');
  },
  unreached: function* () {
    throw new Error('not reached: waived');
  },
  broken: function* () {
    throw new Error('not reached: waived');
  },
  silence: function* () {
    return { say: 'Well, then.', gaveUp: false };
  },
};

/** Says its first word at once and never the second, until the call is aborted. */
function stuckAfterFirstWord() {
  let waits = 0;
  return {
    sleep: (_ms: number, signal?: AbortSignal): Promise<void> => {
      waits += 1;
      if (waits === 1 || signal === undefined) return Promise.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}

runContract(
  'RehearsalModel',
  languageModelContract,
  () => ({
    subject: {
      model: (scenario) => {
        const pace = scenario === 'silence' ? { clock: stuckAfterFirstWord(), wordMs: 1 } : undefined;
        return new RehearsalModel(`rehearsal/${scenario}`, SCRIPTS[scenario], pace);
      },
    },
  }),
  {
    'a stream that breaks off is an `error` and never yields half a tool call': 'it has no stream to break',
    'a call that the vendor refuses is said to be uncharged, one that breaks off is not':
      'nobody charges anything for it',
    'a call that never reaches the vendor is said to be uncharged': 'nobody charges anything for it',
  },
);
