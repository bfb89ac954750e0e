import type { EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isFault } from '@swe/domain';
import { Ec2Refusal, openLoopbackEc2 } from '@swe/testing/servers';
import type { Ec2Instance, LoopbackEc2 } from '@swe/testing/servers';
import fc from 'fast-check';
import { ec2ClientOf, ec2ComputeOf, MemoryWorkerRegister } from './ec2-fixture';

interface Deed {
  readonly what: 'ensure' | 'confirmDead' | 'stop' | 'terminate';
  /** From the latest that anybody asked for: an earlier one is asked for by who was late. */
  readonly offset: number;
}
/** What comes between two calls of a deed: its manager dies (as a refusal that it does not handle ends it), time passes, another manager does something. */
type Event = 'death' | 'time' | Deed;
interface Step {
  readonly deed: Deed;
  readonly event: Event | undefined;
  readonly beforeCall: number;
}

const deed = fc.record<Deed>({
  what: fc.constantFrom('ensure', 'ensure', 'ensure', 'confirmDead', 'confirmDead', 'stop', 'terminate'),
  offset: fc.constantFrom(0, 0, 1, -1),
});
const event = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Event>('death', 'time') },
  { weight: 3, arbitrary: deed },
);
const step = fc.record<Step>({ deed, event: fc.option(event, { nil: undefined }), beforeCall: fc.nat(3) });

let ec2: LoopbackEc2;
let client: EC2Client;
let sessions = 0;
beforeAll(async () => {
  ec2 = await openLoopbackEc2();
  client = ec2ClientOf(ec2.endpoint);
});
afterAll(async () => {
  client.destroy();
  await ec2.close();
});

/** A session of its own, on which any number of managers act. */
function open() {
  const sessionId = `s${(sessions += 1)}`;
  const register = new MemoryWorkerRegister();
  const compute = ec2ComputeOf(client, { register });
  let deadGeneration = 0;
  const world = {
    compute,
    sessionId,
    latest: 1,
    /** A machine that was started by somebody who died is found at the next look only. */
    mayHaveStray: false,
    async acting(upTo: number): Promise<readonly Ec2Instance[]> {
      const { instanceId, generation } = await register.read(sessionId);
      return ec2.world.instances.filter((instance) => {
        const { 'swe:session': session, 'swe:generation': tag } = instance.tags;
        const own = instance.instanceId === instanceId ? generation : Number(tag);
        return session === sessionId && own <= upTo && ['pending', 'running'].includes(instance.state);
      });
    },
    async perform({ what, offset }: Deed): Promise<void> {
      const generation = Math.max(1, world.latest + offset);
      world.latest = Math.max(world.latest, generation);
      const worker = what === 'stop' || what === 'terminate' ? await compute.describe(sessionId) : undefined;
      if (worker !== undefined)
        await (what === 'stop' ? compute.stop : compute.terminate).call(compute, worker.workerId);
      if (what === 'ensure') await compute.ensure(sessionId, generation);
      if (what !== 'confirmDead' || !(await compute.confirmDead(sessionId, generation))) return;
      if (generation >= deadGeneration) world.mayHaveStray = false;
      deadGeneration = Math.max(deadGeneration, generation);
    },
    async take({ deed: taken, event: between, beforeCall }: Step): Promise<void> {
      let calls = 0;
      ec2.before = async () => {
        calls += 1;
        if (between === undefined || calls !== beforeCall + 1) return undefined;
        if (between === 'time') ec2.world.settle();
        if (between === 'death') {
          world.mayHaveStray = true;
          return new Ec2Refusal('InternalError');
        }
        if (typeof between !== 'string') await world.perform(between).catch(unlessFault);
        return undefined;
      };
      await world.perform(taken).catch(unlessFault);
      ec2.before = () => undefined;
    },
    deadActing: () => world.acting(deadGeneration),
  };
  return world;
}

function unlessFault(error: unknown): void {
  if (!isFault(error)) throw error;
}

it.each([
  ['at once', false],
  ['slowly', true],
])(
  'however managers meet and die, the dead stay dead and the next machine is one, when states change %s',
  async (_how, isSlow) => {
    ec2.world.isSlow = isSlow;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        const world = open();
        for (const each of steps) {
          await world.take(each);
          if (!world.mayHaveStray) expect(await world.deadActing()).toEqual([]);
        }
        let isDead = false;
        for (let i = 0; i < 5 && !isDead; i += 1) {
          ec2.world.settle();
          isDead = await world.compute.confirmDead(world.sessionId, world.latest);
        }
        expect(isDead).toBe(true);
        expect(await world.acting(world.latest)).toEqual([]);
        const next = await world.compute.ensure(world.sessionId, world.latest + 1);
        expect(await world.acting(Infinity)).toMatchObject([{ instanceId: next.workerId }]);
        ec2.world.settle();
        expect(await world.compute.describe(world.sessionId)).toEqual({ ...next, state: 'running' });
      }),
      { numRuns: 80, endOnFailure: true },
    );
  },
  60_000,
);
