import { createHash } from 'node:crypto';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { EC2Client, RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { Fault } from '@swe/domain';
import { tagsOf } from './machine';
import { nameOf } from './placement';
import type { Placement } from './placement';
import { codeOf, isNoRoom, isWrongKind } from './to-fault';

export interface LaunchTemplate {
  readonly name: string;
  /** A number, so that a deployment does not change what is asked for between two tries of the same machine. */
  readonly version: string;
}

export interface Launch {
  readonly environment: string;
  readonly sessionId: string;
  readonly generation: number;
  readonly template: LaunchTemplate;
  /** What it starts from, in place of the template's own. */
  readonly imageId: string | undefined;
  readonly placements: readonly Placement[];
}

/**
 * Launches a session's machine in the first place that has one, and gives its id. Throws `transient`, with all that was
 * tried, when none has, and `invalid` when the kinds of machine are all wrong; whatever else goes wrong is thrown as EC2
 * says it. The same launch, done again within a day, gives the instance that it gave before, in each place for itself
 * (`clientToken`).
 */
export async function launchMachine(client: EC2Client, launch: Launch): Promise<string> {
  const refusals: Refusal[] = [];
  for (const placement of launch.placements) {
    try {
      const { Instances } = await client.send(new RunInstancesCommand(requestOf(launch, placement)));
      const instanceId = Instances?.[0]?.InstanceId;
      if (instanceId !== undefined) return instanceId;
      throw new Fault('transient', `EC2 launched ${nameOf(placement)} without saying which instance it is`);
    } catch (error) {
      if (!isNoRoom(error) && !isWrongKind(error)) throw error;
      refusals.push({ placement, error });
    }
  }
  throw noMachine(refusals);
}

/** A place that has no machine to give. */
export interface Refusal {
  readonly placement: Placement;
  readonly error: unknown;
}

export function noMachine(refusals: readonly Refusal[]): Fault {
  const isWrong = refusals.every(({ error }) => isWrongKind(error));
  const mend = isWrong
    ? 'these kinds of machine are not to be had there, correct SWE_INSTANCE_TYPES'
    : "name more kinds and zones in SWE_INSTANCE_TYPES and SWE_SUBNET_IDS, or have the account's quota raised";
  const tried = refusals.map(({ placement, error }) => `${nameOf(placement)}: ${codeOf(error)}`);
  const cause = refusals.at(-1)?.error;
  const kind = isWrong ? 'invalid' : 'transient';
  return new Fault(kind, `EC2 has no machine to give (${tried.join('; ')}): ${mend}`, { cause });
}

/** What EC2 is asked for, for a machine in a place. */
export function requestOf(launch: Launch, placement: Placement): RunInstancesCommandInput {
  const { environment, sessionId, generation, template, imageId } = launch;
  const Tags = tagsOf(environment, sessionId, generation);
  return {
    MinCount: 1,
    MaxCount: 1,
    ClientToken: clientToken(launch, placement),
    LaunchTemplate: { LaunchTemplateName: template.name, Version: template.version },
    ...(imageId !== undefined && { ImageId: imageId }),
    InstanceType: placement.instanceType as RunInstancesCommandInput['InstanceType'],
    SubnetId: placement.subnetId,
    TagSpecifications: [
      { ResourceType: 'instance', Tags },
      { ResourceType: 'volume', Tags },
    ],
    // The instance learns from its tags whose machine it is: user data could not be changed for the next generation.
    MetadataOptions: { InstanceMetadataTags: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    // Whoever shuts its system down from within must not take the disk along.
    InstanceInitiatedShutdownBehavior: placement.spot ? 'terminate' : 'stop',
    ...(placement.spot && {
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time' } },
    }),
  };
}

/**
 * Names a machine in a place: at most 64 ASCII characters, never used for anything else. The place is part of it
 * because a token remembers what it was first asked with, also when there was no room
 * (https://github.com/ubicloud/ubicloud/pull/5898), the image for the same reason; and it counts for one availability zone when a subnet is named:
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
function clientToken({ environment, sessionId, generation, imageId }: Launch, placement: Placement): string {
  const name = [environment, sessionId, generation, nameOf(placement), imageId ?? []].flat().join('\n');
  return createHash('sha256').update(name).digest('hex');
}
