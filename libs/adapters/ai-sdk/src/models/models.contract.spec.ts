import { languageModelContract, runContract } from '@swe/testing/contracts';
import type { ModelScenario } from '@swe/testing/contracts';
import { openLoopbackAnthropic, openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackRequest, LoopbackScript, LoopbackServer, LoopbackTurn } from '@swe/testing/servers';
import type { LanguageModel } from '@swe/domain';
import { openAnthropic } from './open-anthropic';
import { openOpenAi } from './open-openai';
import { openOpenAiCompatible } from './open-openai-compatible';

const look = { name: 'look', input: { at: 'the door' } };
const SCRIPT: Readonly<Record<Exclude<ModelScenario, 'unreached'>, LoopbackTurn>> = {
  words: { say: 'Hello to you.' },
  tools: { say: 'Looking.', calls: [look, look] },
  failure: { status: 429, error: { type: 'rate_limit_error', message: 'Slow down.' } },
  broken: { say: 'Looking.', calls: [look], ending: 'cut' },
  silence: { say: 'Well', ending: 'hang' },
};

/** The model's name is what the vendor is made to do. */
const script = ({ body }: LoopbackRequest): LoopbackTurn => SCRIPT[body['model'] as keyof typeof SCRIPT];

function conforms(
  name: string,
  openServer: (script: LoopbackScript) => Promise<LoopbackServer>,
  model: (server: LoopbackServer, scenario: ModelScenario) => LanguageModel,
): void {
  runContract(name, languageModelContract, async () => {
    const server = await openServer(script);
    const nobody = await openServer(script);
    await nobody.close();
    return {
      subject: { model: (scenario) => model(scenario === 'unreached' ? nobody : server, scenario) },
      close: () => server.close(),
    };
  });
}

conforms('openAnthropic', openLoopbackAnthropic, ({ url }, modelId) =>
  openAnthropic({ apiKey: 'key', baseUrl: url, modelId }),
);
conforms('openOpenAi', openLoopbackOpenAi, ({ url }, modelId) =>
  openOpenAi({ apiKey: 'key', baseUrl: url, modelId }),
);
conforms('openOpenAiCompatible', openLoopbackOpenAi, ({ url }, modelId) =>
  openOpenAiCompatible({ baseUrl: url, modelId }),
);
