import { z } from 'zod';
import { toAwsFault } from '../aws-fault';
import type { FaultKinds } from '../aws-fault';

const named = z.object({ name: z.string() });

/**
 * There is no such machine in such a place at the moment, or not for this account: another kind or place may do.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const NO_ROOM: ReadonlySet<string> = new Set([
  'InstanceLimitExceeded',
  'InsufficientAddressCapacity',
  'InsufficientCapacity',
  'InsufficientFreeAddressesInSubnet',
  'InsufficientHostCapacity',
  'InsufficientInstanceCapacity',
  'InsufficientReservedInstanceCapacity',
  'MaxSpotInstanceCountExceeded',
  'SpotMaxPriceTooLow',
  // The kind of machine is not offered there.
  'Unsupported',
  'VcpuLimitExceeded',
]);

/** EC2's own word for what went wrong. */
export function codeOf(error: unknown): string | undefined {
  const parsed = named.safeParse(error);
  return parsed.success ? parsed.data.name : undefined;
}

/** Another kind of machine, or another place, may do. */
export function isNoRoom(error: unknown): boolean {
  return NO_ROOM.has(codeOf(error) ?? '');
}

/** What EC2 was asked, as its failures are told. */
export interface Asked {
  readonly action: string;
  readonly region: string;
  readonly launchTemplateName: string;
}

/** What EC2 calls failures: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export function toFault(error: unknown, { action, region, launchTemplateName }: Asked): unknown {
  const template = `there is no such launch template in ${region}: ${launchTemplateName}. See its name and AWS_REGION.`;
  const clock = `EC2 does not accept when ${action} was signed: set this machine's clock.`;
  const credentials = `EC2 does not accept our credentials for ${action} in ${region}: see the role, whether the account may use that region, and this machine's clock.`;
  const forbidden = `EC2 forbids ec2:${action}: the role lacks it, or iam:PassRole for the profile in ${launchTemplateName}. The cause has what \`aws sts decode-authorization-message\` explains.`;
  const own: FaultKinds = {
    AuthFailure: { kind: 'denied', message: credentials },
    Blocked: 'denied',
    PendingVerification: 'denied',
    OperationNotPermitted: 'denied',
    RequestExpired: { kind: 'denied', message: clock },
    UnauthorizedOperation: { kind: 'denied', message: forbidden },

    IdempotentInstanceTerminated: 'conflict',
    // The same machine was asked for with other settings a moment ago, and may be there.
    IdempotentParameterMismatch: 'transient',
    // It moved on since we looked, or is not seen everywhere yet.
    IncorrectInstanceState: 'transient',
    IncorrectState: 'transient',
    'InvalidInstanceID.NotFound': 'transient',
    ...Object.fromEntries([...NO_ROOM].map((code) => [code, 'transient' as const])),

    'InvalidLaunchTemplateId.NotFound': { kind: 'invalid', message: template },
    'InvalidLaunchTemplateId.VersionNotFound': { kind: 'invalid', message: template },
    'InvalidLaunchTemplateName.NotFoundException': { kind: 'invalid', message: template },
    'InvalidAMIID.NotFound': 'invalid',
    'InvalidAMIID.Unavailable': 'invalid',
    'InvalidGroup.NotFound': 'invalid',
    InvalidInstanceType: 'invalid',
    InvalidParameter: 'invalid',
    InvalidParameterCombination: 'invalid',
    InvalidParameterValue: 'invalid',
    'InvalidSubnetID.NotFound': 'invalid',
    MissingParameter: 'invalid',
    TagLimitExceeded: 'invalid',
    UnsupportedOperation: 'invalid',
    VolumeLimitExceeded: 'transient',
  };
  return toAwsFault(error, own);
}
