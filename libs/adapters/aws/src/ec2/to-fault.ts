import type { FaultKind } from '@swe/domain';
import { z } from 'zod';
import { onDenied } from '../aws-advice';
import type { Advice, AdviceByName } from '../aws-advice';
import { toAwsFault } from '../aws-fault';

const refusal = z.object({ name: z.string(), message: z.string().default('') });

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

/**
 * EC2 has one name for all values that it does not take; that it is the kind of machine, only the words say.
 *
 * - `Invalid value 't3.nano' for InstanceType.`: https://github.com/getmoto/moto/issues/1695
 * - `The requested instance type's architecture (x86_64) does not match ...`:
 *   https://github.com/terraform-aws-modules/terraform-aws-ec2-instance/issues/157
 */
const NAMES_KIND = /\binstance ?type\b/i;

/**
 * An image, or the snapshot that it is of, is not there, or can't be launched:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const NO_IMAGE: ReadonlySet<string> = new Set([
  'InvalidAMIID.Malformed',
  'InvalidAMIID.NotFound',
  'InvalidAMIID.Unavailable',
  'InvalidSnapshot.NotFound',
]);

/** EC2's own word for what went wrong. */
export function codeOf(error: unknown): string | undefined {
  return refusal.safeParse(error).data?.name;
}

/** Another kind of machine, or another place, may do. */
export function isNoRoom(error: unknown): boolean {
  return NO_ROOM.has(codeOf(error) ?? '');
}

/** Another image may do. */
export function isNoImage(error: unknown): boolean {
  return NO_IMAGE.has(codeOf(error) ?? '');
}

/** This kind of machine is unknown to the region, not offered in the place, or does not fit the image: another may do. */
export function isWrongKind(error: unknown): boolean {
  const { name, message = '' } = refusal.safeParse(error).data ?? {};
  const isValue = name === 'InvalidParameterValue' && NAMES_KIND.test(message);
  return isValue || name === 'InvalidInstanceType' || name === 'Unsupported';
}

/** What EC2 was asked, as its failures are told. */
export interface Asked {
  readonly action: string;
  readonly region: string;
  readonly launchTemplateName: string;
  /** Asked for in place of the template's own. */
  readonly imageId?: string;
}

/**
 * What EC2 calls failures: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. What
 * `aws sts decode-authorization-message` explains of a denial is in the cause.
 */
export function toFault(error: unknown, asked: Asked): unknown {
  return toAwsFault(error, { ...KINDS, ...adviceOn(asked) });
}

const KINDS: Readonly<Record<string, FaultKind>> = {
  Blocked: 'denied',
  PendingVerification: 'denied',
  OperationNotPermitted: 'denied',

  IdempotentInstanceTerminated: 'conflict',
  // The same machine was asked for with other settings a moment ago, and may be there.
  IdempotentParameterMismatch: 'transient',
  // It moved on since we looked, or is not seen everywhere yet.
  IncorrectInstanceState: 'transient',
  IncorrectState: 'transient',
  'InvalidInstanceID.NotFound': 'transient',
  ...Object.fromEntries([...NO_ROOM].map((code) => [code, 'transient' as const])),
  VolumeLimitExceeded: 'transient',

  InvalidInstanceType: 'invalid',
  InvalidParameter: 'invalid',
  InvalidParameterCombination: 'invalid',
  InvalidParameterValue: 'invalid',
  MissingParameter: 'invalid',
  TagLimitExceeded: 'invalid',
  UnsupportedOperation: 'invalid',
};

function adviceOn({ action, region, launchTemplateName, imageId }: Asked): AdviceByName {
  const invalid = (mend: string): Advice => ({ kind: 'invalid', mend });
  const noTemplate = invalid(
    `there is no such launch template in ${region}: ${launchTemplateName}, deploy it there, or correct SWE_LAUNCH_TEMPLATE_NAME or AWS_REGION`,
  );
  const template = invalid(`correct launch template ${launchTemplateName}`);
  const image =
    imageId === undefined ? template : invalid(`no machine can start from image ${imageId} in ${region}`);
  const passing = action === 'RunInstances' ? `, and iam:PassRole for the role in ${launchTemplateName}` : '';
  return {
    AuthFailure: {
      kind: 'denied',
      mend: `EC2 does not take the credentials for ${action} in ${region}, check them, whether the account may use that region, and this machine's clock (chrony)`,
    },
    UnauthorizedOperation: (words) => {
      const advice = onDenied(words, `ec2:${action}`);
      return { ...advice, mend: `${advice.mend}${passing}` };
    },
    ...Object.fromEntries([...NO_IMAGE].map((code) => [code, image])),
    'InvalidGroup.NotFound': template,
    'InvalidLaunchTemplateId.NotFound': noTemplate,
    'InvalidLaunchTemplateId.VersionNotFound': noTemplate,
    'InvalidLaunchTemplateName.NotFoundException': noTemplate,
    'InvalidSubnetID.NotFound': invalid(`${region} has no such subnet, correct SWE_SUBNET_IDS or AWS_REGION`),
  };
}
