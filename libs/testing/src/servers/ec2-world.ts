import { groupsOf, listOf, tagsIn } from './ec2-query';
import type { Ec2Call } from './ec2-query';
import type { XmlValue } from './ec2-xml';

/** An error answer: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export class Ec2Refusal extends Error {
  constructor(
    readonly code: string,
    message = `words of the vendor about ${code}`,
    readonly status = 400,
  ) {
    super(message);
  }
}

type State = keyof typeof STATE_CODES;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

/** What a state turns into by itself. */
const NEXT: Readonly<Partial<Record<State, State>>> = {
  pending: 'running',
  'shutting-down': 'terminated',
  stopping: 'stopped',
};

export interface Ec2Instance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly isSpot: boolean;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  state: State;
  tags: Readonly<Record<string, string>>;
  hasRun: boolean;
}

interface Launched {
  readonly parameters: string;
  /** Absent when there was no room: the token remembers what it was used with all the same. */
  readonly instance?: Ec2Instance;
}

/** The region's instances. */
export class Ec2World {
  readonly instances: Ec2Instance[] = [];
  /** States stay as they are until `settle`; else what begins in one call is over before the next. */
  isSlow = false;
  /** Instances launched from now on are not shown until this is undone. */
  hidesNew = false;
  /** Launch templates by name; any when undefined. */
  templates: readonly string[] | undefined;
  readonly #hidden = new Set<Ec2Instance>();
  readonly #launched = new Map<string, Launched>();

  /** Makes an instance that nobody asked for by a call. */
  add(instance: Partial<Omit<Ec2Instance, 'instanceId'>>): Ec2Instance {
    const added: Ec2Instance = {
      instanceId: `i-${(this.instances.length + 1).toString(16).padStart(17, '0')}`,
      instanceType: 'm7i.large',
      subnetId: 'subnet-1',
      isSpot: false,
      rootDeviceType: 'ebs',
      state: 'pending',
      tags: {},
      hasRun: false,
      ...instance,
    };
    this.instances.push(added);
    return added;
  }

  /** What has begun is over. */
  settle(): void {
    for (const instance of this.instances) {
      instance.state = NEXT[instance.state] ?? instance.state;
      instance.hasRun ||= instance.state === 'running';
    }
  }

  /** What was hidden is shown. */
  show(): void {
    this.hidesNew = false;
    this.#hidden.clear();
  }

  answer(call: Ec2Call): Readonly<Record<string, XmlValue>> {
    if (!this.isSlow) this.settle();
    switch (call.action) {
      case 'RunInstances':
        return this.#run(call);
      case 'DescribeInstances':
        return this.#describe(call);
      case 'CreateTags':
        return this.#tag(call);
      case 'StartInstances':
        return this.#move(call, 'pending', ['stopped'], ['pending', 'running']);
      case 'StopInstances':
        return this.#move(call, 'stopping', ['running'], ['stopping', 'stopped']);
      case 'TerminateInstances':
        return this.#move(call, 'shutting-down', ['pending', 'running', 'stopping', 'stopped'], GONE);
      default:
        throw new Ec2Refusal('InvalidAction');
    }
  }

  /** Idempotent by its token, in each zone for itself: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html */
  #run({ parameters }: Ec2Call) {
    const { SubnetId: subnetId = 'subnet-0', InstanceType: instanceType = 'm7i.large' } = parameters;
    const template = parameters['LaunchTemplate.LaunchTemplateName'];
    if (template !== undefined && this.templates?.includes(template) === false) {
      throw new Ec2Refusal('InvalidLaunchTemplateName.NotFoundException');
    }
    if (parameters['DryRun'] === 'true') throw new Ec2Refusal('DryRunOperation', DRY_RUN, 412);
    const token = `${subnetId} ${parameters['ClientToken'] ?? this.instances.length}`;
    const known = this.#launched.get(token);
    const launch = JSON.stringify(parameters);
    if (known !== undefined && known.parameters !== launch)
      throw new Ec2Refusal('IdempotentParameterMismatch');
    if (known?.instance !== undefined) return launchedAnswer(this.#notTerminated(known.instance));
    const isSpot = parameters['InstanceMarketOptions.MarketType'] === 'spot';
    const [tags = {}] = groupsOf(parameters, 'TagSpecification')
      .filter(({ ResourceType }) => ResourceType === 'instance')
      .map((specification) => tagsIn(specification, 'Tag'));
    const instance = this.add({ subnetId, instanceType, isSpot, tags });
    this.#launched.set(token, { parameters: launch, instance });
    if (this.hidesNew) this.#hidden.add(instance);
    return launchedAnswer(instance);
  }

  /** Since 2025: https://github.com/boto/boto3/issues/4406 */
  #notTerminated(instance: Ec2Instance): Ec2Instance {
    if (instance.state === 'terminated') throw new Ec2Refusal('IdempotentInstanceTerminated');
    return instance;
  }

  #describe(call: Ec2Call) {
    const { NextToken: start = '0', MaxResults: limit = '1000' } = call.parameters;
    const filters = groupsOf(call.parameters, 'Filter');
    const end = Number(start) + Number(limit);
    // As EC2 does, which filters what a page holds, and not what it lists.
    const found = this.instances
      .slice(Number(start), end)
      .filter((each) => !this.#hidden.has(each) && filters.every((filter) => matches(each, filter)));
    const reservationSet = found.map((instance) => ({
      reservationId: `r-${instance.instanceId.slice(2)}`,
      instancesSet: [itemOf(instance)],
    }));
    return { reservationSet, nextToken: end < this.instances.length ? String(end) : undefined };
  }

  #tag(call: Ec2Call) {
    const tags = tagsIn(call.parameters, 'Tag');
    for (const instance of this.#named(call, 'ResourceId')) instance.tags = { ...instance.tags, ...tags };
    return { return: true };
  }

  #move(call: Ec2Call, to: State, from: readonly State[], harmless: readonly State[]) {
    const named = this.#named(call, 'InstanceId');
    if (to === 'stopping') named.forEach(checkCanStop);
    const instancesSet = named.map((instance) => {
      const previous = instance.state;
      if (from.includes(previous)) instance.state = to;
      // One that was started again may be stopped before it runs.
      else if (to === 'stopping' && previous === 'pending' && instance.hasRun) instance.state = to;
      else if (!harmless.includes(previous)) throw new Ec2Refusal('IncorrectInstanceState');
      return {
        instanceId: instance.instanceId,
        currentState: stateOf(instance.state),
        previousState: stateOf(previous),
      };
    });
    return { instancesSet };
  }

  #named(call: Ec2Call, prefix: string): readonly Ec2Instance[] {
    return listOf(call, prefix).map((id) => {
      const found = this.instances.find(({ instanceId }) => instanceId === id);
      if (found === undefined) throw new Ec2Refusal('InvalidInstanceID.NotFound');
      return found;
    });
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
const DRY_RUN = 'Request would have succeeded, but DryRun flag is set.';

const GONE: readonly State[] = ['shutting-down', 'terminated'];

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html */
function checkCanStop({ isSpot, rootDeviceType }: Ec2Instance): void {
  if (isSpot || rootDeviceType === 'instance-store') throw new Ec2Refusal('UnsupportedOperation');
}

function matches(instance: Ec2Instance, filter: Readonly<Record<string, string>>): boolean {
  const { Name: name = '' } = filter;
  const values = groupsOf(filter, 'Value').map((value) => value['']);
  if (name.startsWith('tag:')) return values.includes(instance.tags[name.slice('tag:'.length)]);
  if (name === 'instance-id') return values.includes(instance.instanceId);
  if (name === 'instance-state-name') return values.includes(instance.state);
  throw new Ec2Refusal('InvalidParameterValue', `The filter '${name}' is invalid`);
}

function launchedAnswer(instance: Ec2Instance) {
  return { reservationId: `r-${instance.instanceId.slice(2)}`, instancesSet: [itemOf(instance)] };
}

function itemOf(instance: Ec2Instance) {
  const { instanceId, instanceType, subnetId, rootDeviceType, isSpot, state, tags } = instance;
  return {
    instanceId,
    instanceState: stateOf(state),
    instanceType,
    subnetId,
    rootDeviceType,
    instanceLifecycle: isSpot ? 'spot' : undefined,
    tagSet: Object.entries(tags).map(([key, value]) => ({ key, value })),
  };
}

function stateOf(name: State) {
  return { code: STATE_CODES[name], name };
}
