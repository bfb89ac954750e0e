import { openDeployment } from '@swe/wiring/deployment';
import type { Deployment } from '@swe/wiring/deployment';
import type { Program } from '../program';
import type { DeploymentSettings } from './deployment-settings';
import { regionIn } from './foundation-probes';

/** Opens a deployment when it is first asked something: that there is no region is for a probe to tell. */
export function deploymentOpener(
  settings: DeploymentSettings,
  { clock, random }: Pick<Program, 'clock' | 'random'>,
): () => Deployment {
  const { hasOwnS3 } = settings;
  let opened: Deployment | undefined;
  return () => (opened ??= openDeployment({ region: regionIn(settings), hasOwnS3, clock, random }));
}
