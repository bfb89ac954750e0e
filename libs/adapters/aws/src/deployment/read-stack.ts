import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { Fault, isFault } from '@swe/domain';
import { z } from 'zod';
import { asked } from './asked';

const described = z.object({
  StackStatus: z.string(),
  StackStatusReason: z.string().optional(),
  Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })).default([]),
});

export interface Stack {
  readonly status: string;
  readonly reason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * A stack as CloudFormation describes it; undefined for one that is not there, which it tells as a `ValidationError`:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export async function readStack(
  client: CloudFormationClient,
  StackName: string,
  signal: AbortSignal,
): Promise<Stack | undefined> {
  try {
    const call = client.send(new DescribeStacksCommand({ StackName }), { abortSignal: signal });
    const { StackStatus, StackStatusReason, Outputs } = described.parse((await asked(call, '')).Stacks?.[0]);
    const outputs = Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    return { status: StackStatus, reason: StackStatusReason, outputs };
  } catch (error) {
    // The name is well formed, so nothing else of the request can be invalid.
    if (isFault(error, 'invalid')) return undefined;
    throw error;
  }
}

/** Whatever else ends in `_COMPLETE` is a stack that failed, and was rolled back. */
const GOOD: ReadonlySet<string> = new Set([
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
]);

/** The status of a stack that is as it was last deployed; throws what is wrong with any other. */
export function stackInOrder(stackName: string, stack: Stack | undefined): string {
  const deploy = 'deploy it: npx nx run-many -t deploy';
  if (stack === undefined) throw new Fault('missing', `there is no stack ${stackName}: ${deploy}`);
  const { status, reason } = stack;
  if (GOOD.has(status)) return status;
  const is = `stack ${stackName} is ${status}${reason === undefined ? '' : ` (${reason})`}`;
  if (status.endsWith('_IN_PROGRESS')) throw new Fault('transient', `${is}: wait until that is over`);
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    throw new Fault('invalid', `${is}: what was deployed before still runs; mend the reason, then ${deploy}`);
  }
  const undo = `delete it (aws cloudformation delete-stack --stack-name ${stackName})`;
  throw new Fault(
    'invalid',
    `${is}: the stack's events say why; mend that, ${undo} if it was never complete, then ${deploy}`,
  );
}
