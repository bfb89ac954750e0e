import type { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { computeContract, expectFault, runContract } from '@swe/testing/contracts';
import { Ec2Refusal, openLoopbackEc2 } from '@swe/testing/servers';
import type { Ec2Instance, LoopbackEc2 } from '@swe/testing/servers';
import type { Ec2Compute } from './ec2-compute';
import { ec2ClientOf, ec2ComputeOf, MemoryWorkerRegister, TEMPLATE } from './ec2-fixture';

const MINUTE_MS = 60_000;

let ec2: LoopbackEc2;
let client: EC2Client;
let register: MemoryWorkerRegister;
let nowMs: number;
let compute: Ec2Compute;

beforeEach(async () => {
  ec2 = await openLoopbackEc2();
  client = ec2ClientOf(ec2.endpoint);
  register = new MemoryWorkerRegister();
  nowMs = 0;
  compute = open();
});
afterEach(async () => {
  client.destroy();
  await ec2.close();
});

function open(options: Parameters<typeof ec2ComputeOf>[1] = {}): Ec2Compute {
  return ec2ComputeOf(client, { register, clock: { nowMs: () => nowMs }, ...options });
}

const UP: readonly string[] = ['pending', 'running'];
const isOf = (sessionId: string, generation: number) => (instance: Ec2Instance) =>
  instance.tags['swe:session'] === sessionId && instance.tags['swe:generation'] === String(generation);

const acting = (sessionId: string, generation: number): number =>
  ec2.world.instances.filter(isOf(sessionId, generation)).filter(({ state }) => UP.includes(state)).length;
const states = (): readonly string[] => ec2.world.instances.map(({ state }) => state);
const actions = (): readonly string[] => ec2.calls.map(({ action }) => action);
const tagsOf = (session: string, generation: number, environment = 'test') => ({
  'swe:environment': environment,
  'swe:session': session,
  'swe:generation': String(generation),
});

/** Refuses a kind of call. */
function refuse(action: string, code: string, isMeant: (place: string) => boolean = () => true): void {
  ec2.before = (call) => {
    const { InstanceType, SubnetId, ...others } = call.parameters;
    const market = others['InstanceMarketOptions.MarketType'] === undefined ? '' : ' spot';
    const place = `${InstanceType} ${SubnetId}${market}`;
    return call.action === action && isMeant(place) ? new Ec2Refusal(code) : undefined;
  };
}

/** Ends whoever makes the first call of a kind, before it is done. */
function dieBefore(action: string): void {
  ec2.before = (call) => {
    if (call.action !== action) return undefined;
    ec2.before = () => undefined;
    return new Ec2Refusal('InternalError');
  };
}

runContract('Ec2Compute', computeContract, () => ({
  subject: {
    compute,
    acting: async (sessionId, generation) => acting(sessionId, generation),
    crash: async (sessionId, generation) => {
      for (const instance of ec2.world.instances.filter(isOf(sessionId, generation)))
        instance.state = 'stopped';
    },
    exhaust: () => refuse('RunInstances', 'InsufficientInstanceCapacity'),
  },
}));

describe('a launch', () => {
  it('is of the newest image, where there is one, and of the template’s own until then', async () => {
    const found: (string | undefined)[] = [undefined, 'ami-1', 'ami-2'];
    compute = open({ findImage: async () => found.shift() });
    for (const sessionId of ['s1', 's2', 's3']) await compute.ensure(sessionId, 1);
    const launches = ec2.calls.filter(({ action }) => action === 'RunInstances');
    expect(launches.map(({ parameters }) => parameters['ImageId'])).toEqual([undefined, 'ami-1', 'ami-2']);
  });

  it.each(['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable', 'InvalidSnapshot.NotFound'])(
    'is of the template’s own image where the newest one is refused with %s, which is logged',
    async (code) => {
      const warned: unknown[] = [];
      compute = open({ findImage: async () => 'ami-gone', logger: { warn: (...said) => warned.push(said) } });
      ec2.before = ({ action, parameters }) =>
        action === 'RunInstances' && parameters['ImageId'] !== undefined ? new Ec2Refusal(code) : undefined;
      await compute.ensure('s1', 1);
      expect(acting('s1', 1)).toBe(1);
      expect(warned).toEqual([['image.unusable', { imageId: 'ami-gone', reason: code }]]);
      // The template's own is nobody's second choice.
      refuse('RunInstances', code);
      await expectFault(open().ensure('s2', 1), 'invalid');
    },
  );

  it('that is tried again with another image is another request', async () => {
    const found = ['ami-1', 'ami-1', 'ami-2'];
    const tokens = [];
    while (found.length > 0) {
      compute = open({ register: new MemoryWorkerRegister(), findImage: async () => found.shift() });
      refuse('RunInstances', 'InternalError');
      await expectFault(compute.ensure('s1', 1), 'transient');
      tokens.push(ec2.calls.at(-1)?.parameters['ClientToken']);
    }
    expect(tokens[0]).toBe(tokens[1]);
    expect(tokens[2]).not.toBe(tokens[1]);
  });

  it('says whose machine it is, in tags that the instance can read, and asks for nothing else', async () => {
    await compute.ensure('s1', 1);
    const { parameters = {} } = ec2.calls.find(({ action }) => action === 'RunInstances') ?? {};
    expect(parameters).toMatchObject({
      'LaunchTemplate.LaunchTemplateName': TEMPLATE.name,
      'LaunchTemplate.Version': TEMPLATE.version,
      'MetadataOptions.InstanceMetadataTags': 'enabled',
      'MetadataOptions.HttpTokens': 'required',
      InstanceInitiatedShutdownBehavior: 'stop',
    });
    expect(parameters['ClientToken']).toMatch(/^[0-9a-f]{64}$/);
    expect(parameters['UserData']).toBeUndefined();
    expect(ec2.world.instances.map(({ tags }) => tags)).toEqual([tagsOf('s1', 1)]);
  });

  it('goes on to the next place when one has no room', async () => {
    refuse('RunInstances', 'InsufficientInstanceCapacity', (place) => place !== 'm6i.large subnet-1');
    await compute.ensure('s1', 1);
    expect(ec2.world.instances).toMatchObject([{ instanceType: 'm6i.large', subnetId: 'subnet-1' }]);
  });

  it.each(['InsufficientFreeAddressesInSubnet', 'InsufficientInstanceCapacity', 'VcpuLimitExceeded'])(
    'for which all places say %s is `transient`, and names what was tried',
    async (code) => {
      refuse('RunInstances', code);
      const { message } = await expectFault(compute.ensure('s1', 1), 'transient');
      for (const place of ['m7i.large in subnet-1', 'm6i.large in subnet-2']) {
        expect(message).toContain(`${place}: ${code}`);
      }
      expect(actions().filter((action) => action === 'RunInstances')).toHaveLength(4);
    },
  );

  it('tries no more places than it may', async () => {
    refuse('RunInstances', 'InsufficientInstanceCapacity');
    await expectFault(open({ maxTries: 3 }).ensure('s1', 1), 'transient');
    expect(actions().filter((action) => action === 'RunInstances')).toHaveLength(3);
  });

  it('asks for spot instances when it may, and takes others when there are none', async () => {
    await open({ spot: true }).ensure('s1', 1);
    refuse('RunInstances', 'InsufficientInstanceCapacity', (place) => place.endsWith(' spot'));
    await open({ spot: true }).ensure('s2', 1);
    expect(ec2.world.instances.map(({ isSpot }) => isSpot)).toEqual([true, false]);
  });

  it('whose answer is lost is not done twice', async () => {
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== 'RunInstancesCommand' || ec2.world.instances.length > 1) return answer;
          client.middlewareStack.remove('lose');
          throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        },
      { step: 'deserialize', priority: 'low', name: 'lose' },
    );
    ec2.world.hidesNew = true;
    await expectFault(compute.ensure('s1', 1), 'transient');
    await compute.ensure('s1', 1);
    expect(acting('s1', 1)).toBe(1);
  });

  it('beside another in another place ends with one machine', async () => {
    // The first place has room for one of them only, after it had none for the other.
    let tries = 0;
    ec2.before = (call) => {
      if (call.action !== 'RunInstances') return undefined;
      tries += 1;
      return tries === 1 ? new Ec2Refusal('InsufficientInstanceCapacity') : undefined;
    };
    ec2.world.hidesNew = true;
    const [first, second] = await Promise.all([compute.ensure('s1', 1), open().ensure('s1', 1)]);
    expect(first.workerId).toBe(second.workerId);
    ec2.world.settle();
    expect(ec2.world.instances).toHaveLength(2);
    expect(acting('s1', 1)).toBe(1);
  });

  it('that nobody entered is found by the next look', async () => {
    ec2.world.add({ tags: tagsOf('s1', 1) });
    const { workerId } = await compute.ensure('s1', 1);
    expect(workerId).toBe(ec2.world.instances[0]?.instanceId);
    expect(actions()).not.toContain('RunInstances');
  });

  it('of a machine that was terminated meanwhile is a `conflict`', async () => {
    ec2.world.hidesNew = true;
    await compute.ensure('s1', 1);
    ec2.world.instances[0]!.state = 'terminated';
    await expectFault(open({ register: new MemoryWorkerRegister() }).ensure('s1', 1), 'conflict');
  });

  it('that comes too late for its generation leaves nothing behind', async () => {
    ec2.before = async (call) => {
      if (call.action === 'RunInstances') await open().confirmDead('s1', 1);
    };
    await expectFault(compute.ensure('s1', 1), 'conflict');
    expect(states()).toEqual(['shutting-down']);
  });
});

describe('a machine for the next generation', () => {
  it('is the stopped one with its disk, whose tag says so before it comes up', async () => {
    const first = await compute.ensure('s1', 1);
    await compute.stop(first.workerId);
    ec2.before = (call) => {
      if (call.action === 'StartInstances') expect(ec2.world.instances[0]?.tags).toEqual(tagsOf('s1', 2));
    };
    expect(await compute.ensure('s1', 2)).toMatchObject({ workerId: first.workerId, generation: 2 });
    expect(states()).toEqual(['pending']);
  });

  it.each(['CreateTags', 'StartInstances'])(
    'is started by the next try after a death before %s',
    async (action) => {
      const { workerId } = await compute.ensure('s1', 1);
      await compute.stop(workerId);
      dieBefore(action);
      await expectFault(compute.ensure('s1', 2), 'transient');
      expect(await compute.describe('s1')).toMatchObject({ generation: 2, state: 'stopped' });
      expect(await open().confirmDead('s1', 2)).toBe(true);
      expect(await open().ensure('s1', 3)).toMatchObject({ workerId, generation: 3 });
      expect(ec2.world.instances).toMatchObject([{ state: 'pending', tags: tagsOf('s1', 3) }]);
    },
  );

  it('that was not started is started by whoever asks for the same again', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    await compute.stop(workerId);
    dieBefore('StartInstances');
    await expectFault(compute.ensure('s1', 2), 'transient');
    expect(await open().ensure('s1', 2)).toMatchObject({ workerId, state: 'starting' });
    expect(acting('s1', 2)).toBe(1);
  });

  it('is not there before the one before it has stopped', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    ec2.world.settle();
    ec2.world.isSlow = true;
    await compute.stop(workerId);
    await expectFault(compute.ensure('s1', 2), 'transient');
    expect(states()).toEqual(['stopping']);
    ec2.world.settle();
    await compute.ensure('s1', 2);
    expect(states()).toEqual(['pending']);
  });

  it('has the one before it stopped, when that still runs', async () => {
    await compute.ensure('s1', 1);
    await expectFault(compute.ensure('s1', 2), 'transient');
    expect(states()).toEqual(['stopping']);
  });

  it('is another one when there is no room to start it again', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    await compute.stop(workerId);
    refuse('StartInstances', 'InsufficientInstanceCapacity');
    const second = await compute.ensure('s1', 2);
    expect(second.workerId).not.toBe(workerId);
    expect(await compute.describe('s1')).toMatchObject({ workerId: second.workerId, generation: 2 });
    expect(states()).toEqual(['terminated', 'running']);
  });

  it('does not come up when it is known to be dead before it was started', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    await compute.stop(workerId);
    ec2.before = async (call) => {
      if (call.action === 'StartInstances') expect(await open().confirmDead('s1', 2)).toBe(true);
    };
    await expectFault(compute.ensure('s1', 2), 'conflict');
    expect(states()).toEqual(['stopping']);
  });

  it('that was started later is left alone by whoever comes too late', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    await compute.stop(workerId);
    ec2.before = async (call) => {
      if (call.action !== 'CreateTags') return;
      ec2.before = () => undefined;
      await open().confirmDead('s1', 2);
      await open().ensure('s1', 3);
    };
    await expectFault(compute.ensure('s1', 2), 'conflict');
    expect(states()).toEqual(['running']);
    expect(await compute.describe('s1')).toMatchObject({ workerId, generation: 3, state: 'running' });
  });
});

describe('a machine that EC2 does not show yet', () => {
  beforeEach(() => {
    ec2.world.hidesNew = true;
  });

  it('is described as starting, and is not launched again', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    expect(await compute.describe('s1')).toMatchObject({ workerId, generation: 1, state: 'starting' });
    expect(await compute.ensure('s1', 1)).toMatchObject({ workerId, state: 'starting' });
    expect(ec2.world.instances).toHaveLength(1);
  });

  it('is not taken for dead, until it can be seen or would have been seen long since', async () => {
    await compute.ensure('s1', 1);
    expect(await compute.confirmDead('s1', 1)).toBe(false);
    ec2.world.show();
    expect(await compute.confirmDead('s1', 1)).toBe(true);
    expect(states()).toEqual(['stopped']);
    ec2.world.hidesNew = true;
    await compute.ensure('s2', 1);
    nowMs += 5 * MINUTE_MS;
    expect(await compute.confirmDead('s2', 1)).toBe(true);
    expect(await compute.describe('s2')).toBeUndefined();
  });
});

describe('a death', () => {
  beforeEach(async () => {
    await compute.ensure('s1', 1);
    ec2.world.settle();
    ec2.world.isSlow = true;
  });

  it('is not confirmed before EC2 says that the machine has stopped', async () => {
    expect(await compute.confirmDead('s1', 1)).toBe(false);
    expect(ec2.calls.find(({ action }) => action === 'StopInstances')?.parameters['Force']).toBe('true');
    expect(await compute.confirmDead('s1', 1)).toBe(false);
    ec2.world.settle();
    expect(await compute.confirmDead('s1', 1)).toBe(true);
  });

  it('of a machine that stops by itself is hastened', async () => {
    ec2.world.instances[0]!.state = 'stopping';
    expect(await compute.confirmDead('s1', 1)).toBe(false);
    expect(actions().filter((action) => action === 'StopInstances')).toHaveLength(1);
  });

  it('of a machine that never came up takes its disk along', async () => {
    await compute.ensure('s2', 1);
    expect(await compute.confirmDead('s2', 1)).toBe(false);
    expect(states()).toEqual(['running', 'shutting-down']);
    ec2.world.settle();
    expect(await compute.confirmDead('s2', 1)).toBe(true);
  });

  it('is that of all machines before it as well', async () => {
    ec2.world.add({ tags: tagsOf('s1', 1), state: 'running', hasRun: true });
    expect(await compute.confirmDead('s1', 2)).toBe(false);
    expect(states()).toEqual(['stopping', 'stopping']);
  });
});

describe('a stop', () => {
  it('of what already stops, or is gone, asks for nothing', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    ec2.world.settle();
    ec2.world.isSlow = true;
    for (const state of ['stopping', 'stopped', 'shutting-down', 'terminated'] as const) {
      ec2.world.instances[0]!.state = state;
      await compute.stop(workerId);
    }
    expect(actions()).not.toContain('StopInstances');
  });

  it('lets the machine end its work by itself', async () => {
    const { workerId } = await compute.ensure('s1', 1);
    await compute.stop(workerId);
    expect(ec2.calls.find(({ action }) => action === 'StopInstances')?.parameters['Force']).toBe('false');
  });

  it.each([
    ['a spot instance', { isSpot: true }],
    ['an instance without a disk of its own', { rootDeviceType: 'instance-store' }],
  ] as const)('of %s terminates it', async (_name, kind) => {
    const { instanceId } = ec2.world.add({ ...kind, tags: tagsOf('s1', 1), state: 'running' });
    await compute.stop(instanceId);
    expect(states()).toEqual(['shutting-down']);
  });
});

it('instances of others are neither seen nor touched', async () => {
  const foreign = [
    tagsOf('s1', 1, 'other'),
    { Name: 'database' },
    { ...tagsOf('s1', 1), 'swe:generation': '?' },
  ];
  foreign.forEach((tags) => ec2.world.add({ tags, state: 'running' }));
  expect(await compute.describe('s1')).toBeUndefined();
  expect(await compute.list({ limit: 9 })).toEqual({ items: [] });
  for (const { instanceId } of ec2.world.instances) {
    await compute.stop(instanceId);
    await compute.terminate(instanceId);
  }
  expect(await compute.confirmDead('s1', 1)).toBe(true);
  expect(states()).toEqual(['running', 'running', 'running']);
});

describe('what was left of the machines before, or is one too many,', () => {
  let latest: Ec2Instance;
  beforeEach(() => {
    ec2.world.add({ tags: tagsOf('s1', 1), state: 'stopped' });
    ec2.world.add({ tags: tagsOf('s1', 2), state: 'running' });
    latest = ec2.world.add({ tags: tagsOf('s1', 2), state: 'running' });
    ec2.world.add({ tags: tagsOf('s1', 3), state: 'running' });
    ec2.world.add({ tags: tagsOf('s2', 1), state: 'running' });
  });

  it('is stopped with the machine', async () => {
    await compute.stop(latest.instanceId);
    ec2.world.settle();
    expect(states()).toEqual(['stopped', 'stopped', 'stopped', 'running', 'running']);
  });

  it('is terminated with the machine', async () => {
    await compute.terminate(latest.instanceId);
    ec2.world.settle();
    expect(states()).toEqual(['terminated', 'terminated', 'terminated', 'running', 'running']);
  });
});

it('of several machines of a session the latest is listed, also when they are many', async () => {
  for (let i = 0; i < 1_200; i += 1)
    ec2.world.add({ tags: tagsOf(`s${i % 1_100}`, 1 + Math.floor(i / 1_100)) });
  const first = await compute.list({ limit: 600 });
  const rest = await compute.list({ limit: 600, after: first.next ?? '' });
  const all = [...first.items, ...rest.items];
  expect(rest.next).toBeUndefined();
  expect(new Set(all.map(({ sessionId }) => sessionId)).size).toBe(1_100);
  expect(all).toHaveLength(1_100);
  expect(all.find(({ sessionId }) => sessionId === 's99')).toMatchObject({ generation: 2 });
});
