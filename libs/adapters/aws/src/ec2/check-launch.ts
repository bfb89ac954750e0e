import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { Fault } from '@swe/domain';
import { regionOf } from '../region-of';
import { noMachine, requestOf } from './launch-machine';
import type { LaunchTemplate, Refusal } from './launch-machine';
import { nameOf, placementsOf } from './placement';
import type { Placement, PlacementOptions } from './placement';
import { codeOf, isNoRoom, isWrongKind, toFault } from './to-fault';

export interface LaunchToCheck extends PlacementOptions {
  readonly environment: string;
  readonly template: LaunchTemplate;
  /** What it is to start from, in place of the template's own. */
  readonly imageId?: string;
}

/** Whose machine is asked for and not made; no session has this id. */
const NOBODY = { sessionId: 'doctor', generation: 1 };

/**
 * Where machines could be launched now, as EC2 says without launching any: each place is asked with `DryRun`, which
 * EC2 refuses with `DryRunOperation` where it would have done it
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html). Permissions, template, image, subnets
 * and kinds of machine are looked at; room and quotas show themselves at a real launch only. Throws where a place can't
 * be used.
 */
export async function checkLaunch(
  client: EC2Client,
  launch: LaunchToCheck,
  signal: AbortSignal,
): Promise<string> {
  const placements = placementsOf(launch);
  const refusals: Refusal[] = [];
  for (const placement of placements) {
    const error = await refusalOf(client, launch, placement, signal);
    if (error !== undefined) refusals.push({ placement, error });
  }
  if (refusals.length > 0) throw noMachine(refusals);
  return `${placements.length} places, first ${placements.slice(0, 1).map(nameOf).join()}`;
}

async function refusalOf(
  client: EC2Client,
  launch: LaunchToCheck,
  placement: Placement,
  signal: AbortSignal,
): Promise<unknown> {
  const { imageId } = launch;
  const request = requestOf({ ...launch, ...NOBODY, imageId, placements: [] }, placement);
  const command = new RunInstancesCommand({ ...request, ClientToken: undefined, DryRun: true });
  try {
    await client.send(command, { abortSignal: signal });
  } catch (error) {
    if (codeOf(error) === 'DryRunOperation') return undefined;
    if (isNoRoom(error) || isWrongKind(error)) return error;
    const asked = { action: 'RunInstances', region: await regionOf(client) };
    const { name: launchTemplateName } = launch.template;
    throw toFault(error, { ...asked, launchTemplateName, ...(imageId !== undefined && { imageId }) });
  }
  throw new Fault('invalid', 'EC2 launched a machine though it was asked not to: end it by hand');
}
