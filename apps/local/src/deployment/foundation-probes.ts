import { askForAWord } from '@swe/application/local';
import type { Probe } from '@swe/application/local';
import { Fault } from '@swe/domain';
import type { Deployment } from '@swe/wiring/deployment';
import { openModels } from '@swe/wiring/models';
import type { ModelAccess } from '@swe/wiring/models';

/** On AWS there are no keys of other vendors. */
const bedrockIn = (awsRegion: string, catalog: string | undefined): ModelAccess => ({
  catalog,
  anthropic: { apiKey: undefined, baseUrl: undefined },
  openai: { apiKey: undefined, baseUrl: undefined },
  compatibleUrl: undefined,
  awsRegion,
});

/** Throws where no region is set. */
export function regionIn({ region }: { readonly region: string | undefined }): string {
  if (region !== undefined) return region;
  throw new Fault('invalid', 'AWS_REGION is not set');
}

export const regionProbe = (settings: { readonly region: string | undefined }): Probe => ({
  step: 'region',
  advice: 'Set it to the region to deploy to: export AWS_REGION=eu-west-1.',
  look: async () => regionIn(settings),
});

export const credentialsProbe = (deployment: () => Pick<Deployment, 'caller'>): Probe => ({
  step: 'credentials',
  needs: ['region'],
  advice: 'On this machine alone no AWS is needed: swe doctor says what to set there.',
  async look(signal) {
    const { account, arn } = await deployment().caller(signal);
    return `account ${account}, as ${arn}`;
  },
});

export const bootstrapProbe = (deployment: () => Pick<Deployment, 'bootstrap'>): Probe => ({
  step: 'bootstrap',
  needs: ['credentials'],
  advice: 'It is what the CDK deploys by: docs/deploy.md.',
  look: (signal) => deployment().bootstrap(signal),
});

export interface ModelsToAsk {
  /** As `SWE_MODEL` has it. */
  models(): string;
  readonly region: string | undefined;
  readonly catalog: string | undefined;
  readonly needs: readonly string[];
}

/** Has each model answer a word, for less than a cent. */
export const modelProbe = ({ models, needs, catalog, ...settings }: ModelsToAsk): Probe => ({
  step: 'model',
  needs,
  advice:
    'Access is asked for in the Bedrock console of that region; which model it is, SWE_MODEL says: docs/troubleshooting.md.',
  async look(signal) {
    const opened = await openModels(models(), bedrockIn(regionIn(settings), catalog));
    return (await Promise.all(opened.models.map((each) => askForAWord(each, signal)))).join(', ');
  },
});
