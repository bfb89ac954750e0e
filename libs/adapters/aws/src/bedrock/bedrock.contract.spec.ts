import { languageModelContract, runContract } from '@swe/testing/contracts';
import type { ModelScenario } from '@swe/testing/contracts';
import { openLoopbackBedrock } from '@swe/testing/servers';
import type { LoopbackRequest, LoopbackTurn } from '@swe/testing/servers';
import { openClient, openModel } from './bedrock-fixture';

const look = { name: 'look', input: { at: 'the door' } };
const SCRIPT: Readonly<Record<Exclude<ModelScenario, 'unreached'>, LoopbackTurn>> = {
  words: { say: 'Hello to you.' },
  tools: { say: 'Looking.', calls: [look, look] },
  failure: { status: 429, error: { type: 'ThrottlingException', message: 'Too many requests.' } },
  broken: { say: 'Looking.', calls: [look], ending: 'cut' },
  silence: { say: 'Well', ending: 'hang' },
};

/** The model's name is what the vendor is made to do. */
const script = ({ path }: LoopbackRequest): LoopbackTurn => SCRIPT[path.split('/')[2] as keyof typeof SCRIPT];

runContract('BedrockLanguageModel', languageModelContract, async () => {
  const server = await openLoopbackBedrock(script);
  const nobody = await openLoopbackBedrock(script);
  await nobody.close();
  const [client, unreached] = [openClient(server.url), openClient(nobody.url)];
  return {
    subject: {
      model: (scenario) => openModel(scenario === 'unreached' ? unreached : client, { modelId: scenario }),
    },
    async close() {
      client.destroy();
      unreached.destroy();
      await server.close();
    },
  };
});
