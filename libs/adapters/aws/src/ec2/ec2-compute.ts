import type { EC2Client } from '@aws-sdk/client-ec2';
import { Fault } from '@swe/domain';
import type { Clock, Compute, Logger, Page, PageRequest, Worker } from '@swe/domain';
import { Ec2Machines } from './ec2-machines';
import { launchMachine } from './launch-machine';
import type { Launch, LaunchTemplate } from './launch-machine';
import { isEnded, isGone, toWorker } from './machine';
import type { Machine } from './machine';
import { placementsOf } from './placement';
import type { PlacementOptions } from './placement';
import { codeOf, isNoImage, isNoRoom } from './to-fault';
import { isPast } from '../worker-register';
import type { WorkerEntry, WorkerRegister } from '../worker-register';

export interface Ec2ComputeOptions extends PlacementOptions {
  readonly client: EC2Client;
  readonly register: WorkerRegister;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Pick<Logger, 'warn'>;
  /** Whose instances these are, in an account that may have others. */
  readonly environment: string;
  readonly template: LaunchTemplate;
  /** The newest image of a machine, asked for at each launch. Undefined, or no longer there: the template's own. */
  readonly findImage?: () => Promise<string | undefined>;
}

/**
 * EC2's answers may lack what was done before, for up to about five minutes:
 * https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
 */
const SETTLING_MS = 5 * 60_000;

/**
 * Workers as EC2 instances: one for each session, which is stopped and started again for the next generation, so that
 * its disk stays. Which instance is a generation's machine, and which generations are dead, is what `register` says;
 * what an instance does is what EC2 says. No call waits for an instance to change its state: what must wait for that is
 * `transient`, or `false`.
 */
export class Ec2Compute implements Compute {
  readonly #options: Ec2ComputeOptions;
  readonly #machines: Ec2Machines;

  constructor(options: Ec2ComputeOptions) {
    this.#options = options;
    const { client, environment, template } = options;
    this.#machines = new Ec2Machines({ client, environment, launchTemplateName: template.name });
  }

  async ensure(sessionId: string, generation: number): Promise<Worker> {
    const { entry, machines } = await this.#look(sessionId);
    checkIsNext(entry, machines, sessionId, generation);
    if (entry.generation === generation) return this.#again(entry, machines, sessionId);
    const machine = latestOf(machines.filter((each) => !isGone(each)));
    if (machine === undefined) return this.#launch(sessionId, generation);
    if (machine.state === 'stopped') return this.#start(machine, generation);
    // Launched by somebody who died before it was entered.
    if (machine.generation === generation) return this.#enter(machine, generation);
    if (machine.state !== 'stopping') await this.#machines.stop(machine, true);
    throw new Fault('transient', `machine ${machine.generation} of session ${sessionId} has not stopped yet`);
  }

  async stop(workerId: string): Promise<void> {
    for (const machine of await this.#withThoseBefore(workerId)) {
      if (!isEnded(machine) && !isGone(machine) && machine.state !== 'stopping') {
        await this.#machines.stop(machine, false);
      }
    }
  }

  async terminate(workerId: string): Promise<void> {
    const left = (await this.#withThoseBefore(workerId)).filter((machine) => !isGone(machine));
    if (left.length > 0) await this.#machines.terminate(left.map(({ instanceId }) => instanceId));
  }

  async describe(sessionId: string): Promise<Worker | undefined> {
    const { entry, machines } = await this.#look(sessionId);
    const machine = latestOf(machines, entry.instanceId);
    if (machine !== undefined && machine.generation >= entry.generation) return toWorker(machine);
    return this.#isUnseen(entry, machines) ? unseen(sessionId, entry) : machine && toWorker(machine);
  }

  /** All are read for each page: EC2 lists instances in no order, and cannot say which is a session's latest. */
  async list({ limit, after = '' }: PageRequest): Promise<Page<Worker>> {
    const bySession = Map.groupBy(await this.#machines.living(), ({ sessionId }) => sessionId);
    const sessionIds = [...bySession.keys()].filter((sessionId) => sessionId > after).sort();
    const page = sessionIds.slice(0, limit);
    const items = page.flatMap((sessionId) => {
      const machine = latestOf(bySession.get(sessionId) ?? []);
      return machine === undefined ? [] : [toWorker(machine)];
    });
    const last = page.at(-1);
    return last === undefined || sessionIds.length <= limit ? { items } : { items, next: last };
  }

  /** Of the generation and all before it: whoever was late may have started one of those. */
  async confirmDead(sessionId: string, generation: number): Promise<boolean> {
    await this.#options.register.bury(sessionId, generation);
    const { entry, machines } = await this.#look(sessionId);
    const isOld = (machine: Machine) => machine.generation <= generation;
    const living = machines.filter((machine) => isOld(machine) && !isEnded(machine));
    if (living.length === 0) return entry.generation > generation || !this.#isUnseen(entry, machines);
    for (const machine of living.filter((each) => !isGone(each))) await this.#machines.stop(machine, true);
    const after = await this.#look(sessionId);
    return after.machines.filter(isOld).every(isEnded);
  }

  /** The generation has its machine, which may still have to be started: who entered it may have died there. */
  async #again(entry: WorkerEntry, machines: readonly Machine[], sessionId: string): Promise<Worker> {
    const machine = machines.find(({ instanceId }) => instanceId === entry.instanceId);
    if (machine?.state === 'stopped') return this.#start(machine, entry.generation);
    if (machine !== undefined) return toWorker(machine);
    const worker = unseen(sessionId, entry);
    return this.#isUnseen(entry, machines) ? worker : { ...worker, state: 'terminated' };
  }

  async #launch(sessionId: string, generation: number, insteadOf?: string): Promise<Worker> {
    const { client, environment, template, findImage } = this.#options;
    const placements = placementsOf(this.#options);
    const imageId = await findImage?.();
    const launch = { environment, sessionId, generation, template, imageId, placements };
    const instanceId = await this.#machines.call('RunInstances', () => this.#launchFromSome(client, launch));
    const entry = await this.#claim(sessionId, generation, instanceId, insteadOf);
    if (isMachineOf(entry, generation, instanceId)) return unseen(sessionId, entry);
    await this.#machines.terminate([instanceId]);
    return this.#overtaken(entry, sessionId, generation);
  }

  /** An image saves a start some minutes, and whoever deletes it by hand does not change what names it. */
  async #launchFromSome(client: EC2Client, launch: Launch): Promise<string> {
    try {
      return await launchMachine(client, launch);
    } catch (error) {
      const { imageId } = launch;
      if (imageId === undefined || !isNoImage(error)) throw error;
      this.#options.logger.warn('image.unusable', { imageId, reason: codeOf(error) });
      return launchMachine(client, { ...launch, imageId: undefined });
    }
  }

  /** The tag first: a machine that comes up reads there which generation it is. */
  async #start(machine: Machine, generation: number): Promise<Worker> {
    const { instanceId, sessionId } = machine;
    const claimed = await this.#claim(sessionId, generation, instanceId);
    if (!isMachineOf(claimed, generation, instanceId)) return this.#overtaken(claimed, sessionId, generation);
    await this.#machines.setGeneration(machine, generation);
    try {
      await this.#machines.start(instanceId);
    } catch (error) {
      if (!isNoRoom(error)) throw await this.#machines.faultOf('StartInstances', error);
      // Its disk cannot leave its zone. The work is in the last checkpoint.
      return this.#replace(machine, generation);
    }
    const entry = await this.#options.register.read(sessionId);
    if (isMachineOf(entry, generation, instanceId)) return unseen(sessionId, entry);
    // Known to be dead since: it must not come up, unless as a later generation.
    if (entry.instanceId === instanceId && entry.generation === generation) {
      await this.#machines.stop(machine, true);
    }
    return this.#overtaken(entry, sessionId, generation);
  }

  async #replace({ instanceId, sessionId }: Machine, generation: number): Promise<Worker> {
    const worker = await this.#launch(sessionId, generation, instanceId);
    await this.#machines.terminate([instanceId]);
    return worker;
  }

  async #enter(machine: Machine, generation: number): Promise<Worker> {
    const { sessionId, instanceId } = machine;
    const entry = await this.#claim(sessionId, generation, instanceId);
    if (isMachineOf(entry, generation, instanceId)) return toWorker(machine);
    return this.#overtaken(entry, sessionId, generation);
  }

  #claim(
    sessionId: string,
    generation: number,
    instanceId: string,
    insteadOf?: string,
  ): Promise<WorkerEntry> {
    const atMs = this.#options.clock.nowMs();
    const claim = { generation, instanceId, atMs, ...(insteadOf !== undefined && { insteadOf }) };
    return this.#options.register.enter(sessionId, claim);
  }

  /** Somebody else's instance is the generation's machine, or it is to have none. */
  async #overtaken(entry: WorkerEntry, sessionId: string, generation: number): Promise<Worker> {
    checkIsNext(entry, [], sessionId, generation);
    return (await this.describe(sessionId)) ?? unseen(sessionId, entry);
  }

  /** A session's instances as EC2 shows them, with the generation that the register has for the one it names. */
  async #look(sessionId: string) {
    const shown = await this.#machines.ofSession(sessionId);
    const entry = await this.#options.register.read(sessionId);
    const machines = shown.map((machine) =>
      machine.instanceId === entry.instanceId ? { ...machine, generation: entry.generation } : machine,
    );
    return { entry, machines };
  }

  /**
   * A machine, and whatever else there is of its session up to its generation: one that could not be started again was
   * left lying, and whoever launched one too many may have died before ending it.
   */
  async #withThoseBefore(workerId: string): Promise<readonly Machine[]> {
    const found = await this.#machines.byId(workerId);
    if (found === undefined) return [];
    const { machines } = await this.#look(found.sessionId);
    const machine = machines.find(({ instanceId }) => instanceId === workerId) ?? found;
    const others = machines.filter(({ instanceId }) => instanceId !== workerId);
    return [machine, ...others.filter(({ generation }) => generation <= machine.generation)];
  }

  /** EC2 does not show the entered instance, and may not know it yet. */
  #isUnseen({ instanceId, enteredAtMs }: WorkerEntry, machines: readonly Machine[]): boolean {
    if (instanceId === undefined || machines.some((machine) => machine.instanceId === instanceId))
      return false;
    return this.#options.clock.nowMs() - enteredAtMs < SETTLING_MS;
  }
}

function checkIsNext(
  entry: WorkerEntry,
  machines: readonly Machine[],
  sessionId: string,
  generation: number,
): void {
  if (!isPast(entry, generation) && machines.every((machine) => machine.generation <= generation)) return;
  throw new Fault(
    'conflict',
    `machine ${generation} of session ${sessionId} is dead, or a later one was started`,
  );
}

function isMachineOf(entry: WorkerEntry, generation: number, instanceId: string): boolean {
  return !isPast(entry, generation) && entry.generation === generation && entry.instanceId === instanceId;
}

/** Of several of the latest generation the one that is `known`, else one that is not gone. */
function latestOf(machines: readonly Machine[], known?: string): Machine | undefined {
  const rank = (machine: Machine) => (machine.instanceId === known ? 2 : isGone(machine) ? 0 : 1);
  const byRank = (a: Machine, b: Machine) =>
    a.generation - b.generation || rank(a) - rank(b) || (a.instanceId < b.instanceId ? -1 : 1);
  return machines.toSorted(byRank).at(-1);
}

/** The entered machine, as long as EC2 has not shown what it does. */
function unseen(sessionId: string, { generation, instanceId = '' }: WorkerEntry): Worker {
  return { sessionId, generation, workerId: instanceId, state: 'starting' };
}
