import type { Instance, Tag } from '@aws-sdk/client-ec2';
import type { Worker } from '@swe/domain';
import { z } from 'zod';

/**
 * What tells our instances, and each of them whose machine it is. An instance reads its own in the metadata service,
 * where a tag's name must have neither spaces nor slashes:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
 */
export const TAGS = {
  environment: 'swe:environment',
  session: 'swe:session',
  generation: 'swe:generation',
} as const;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
const instanceState = z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped']);
export type InstanceState = z.infer<typeof instanceState>;

/** An instance that is, or was, a session's machine. */
export interface Machine {
  readonly instanceId: string;
  readonly sessionId: string;
  readonly generation: number;
  readonly state: InstanceState;
  /**
   * Only a machine with a disk of its own that it may keep can be stopped:
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html. Spot instances are asked for once
   * (`launch-machine.ts`), and such a one EC2 refuses to stop.
   */
  readonly canStop: boolean;
}

const instance = z.object({
  InstanceId: z.string(),
  State: z.object({ Name: instanceState }),
  InstanceLifecycle: z.string().optional(),
  RootDeviceType: z.string().optional(),
});

const ownTags = z.object({
  [TAGS.session]: z.string(),
  [TAGS.generation]: z.string().regex(/^\d+$/).transform(Number),
});

/** Undefined when its tags do not say whose it is: somebody else made it. */
export function toMachine(described: Instance): Machine | undefined {
  const tags = ownTags.safeParse(
    Object.fromEntries((described.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  );
  if (!tags.success) return undefined;
  const { InstanceId, State, InstanceLifecycle, RootDeviceType } = instance.parse(described);
  return {
    instanceId: InstanceId,
    sessionId: tags.data[TAGS.session],
    generation: tags.data[TAGS.generation],
    state: State.Name,
    canStop: InstanceLifecycle !== 'spot' && RootDeviceType !== 'instance-store',
  };
}

export function tagsOf(environment: string, sessionId: string, generation: number): Tag[] {
  return [
    { Key: TAGS.environment, Value: environment },
    { Key: TAGS.session, Value: sessionId },
    { Key: TAGS.generation, Value: String(generation) },
  ];
}

const STATES: Readonly<Record<InstanceState, Worker['state']>> = {
  pending: 'starting',
  running: 'running',
  // It may still act.
  'shutting-down': 'stopping',
  terminated: 'terminated',
  stopping: 'stopping',
  stopped: 'stopped',
};

export function toWorker({ instanceId, sessionId, generation, state }: Machine): Worker {
  return { sessionId, generation, workerId: instanceId, state: STATES[state] };
}

/** Nothing of it can act any more. */
export function isEnded({ state }: Machine): boolean {
  return state === 'stopped' || state === 'terminated';
}

/** It is gone for good, or will be. */
export function isGone({ state }: Machine): boolean {
  return state === 'shutting-down' || state === 'terminated';
}
