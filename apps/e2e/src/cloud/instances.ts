import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLoopbackImds } from '@swe/testing/servers';
import type { Ec2Instance, Ec2World, LoopbackImds } from '@swe/testing/servers';
import { makeFolder, startHosts } from './machine-users';
import type { Hosts, MachineUsers } from './machine-users';

const LOOK_MS = 50;
/** As long as the unit's `TimeoutStopSec`, on a machine that is shared. */
const STOP_MS = 60_000;

export interface InstanceOptions {
  /** Where the instances' disks are. */
  readonly folder: string;
  /** What the unit starts. */
  readonly startAgent: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of the daemon, and of the hosts, which then have processes of their own; absent, all is this process's. */
  readonly users?: MachineUsers | undefined;
}

/** An instance's machine: its disk is a folder, its system one process group, started as the unit does. */
interface RunningInstance {
  readonly imds: LoopbackImds;
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly hosts: Hosts | undefined;
}

/** Gives the instances of a loopback EC2 something to run: an agent's daemon each, while EC2 says that they run. */
export class Instances {
  readonly #world: Ec2World;
  readonly #options: InstanceOptions;
  readonly #running = new Map<Ec2Instance, RunningInstance>();
  readonly #changing = new Set<Promise<void>>();
  readonly #busy = new Set<Ec2Instance>();
  readonly #closed = new AbortController();
  readonly #looking: Promise<void>;
  #log = '';

  constructor(world: Ec2World, options: InstanceOptions) {
    this.#world = world;
    this.#options = options;
    // Its states change by what happens to the processes, and not by themselves.
    world.isSlow = true;
    this.#looking = this.#look();
  }

  /** What all of them logged. */
  get log(): string {
    return this.#log;
  }

  get pids(): readonly number[] {
    return [...this.#running.values()].flatMap(({ child }) => child.pid ?? []);
  }

  /** The power goes: nothing is asked, nothing is saved. The disk stays. */
  async crash(): Promise<void> {
    for (const [instance, running] of this.#running) {
      killAll(running.child);
      await running.ended;
      await this.#gone(instance, running, 'stopped');
    }
  }

  /** EC2 takes them away, disk and all, after telling them. */
  async interrupt(): Promise<void> {
    for (const [instance, running] of this.#running) {
      running.imds.giveSpotNotice('2026-09-18T08:22:00Z');
      await running.ended;
      await this.#gone(instance, running, 'terminated');
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#looking;
    await Promise.all(this.#changing);
    await this.crash();
  }

  async #look(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      for (const instance of this.#world.instances) {
        if (this.#busy.has(instance)) continue;
        this.#busy.add(instance);
        const change = this.#follow(instance).finally(() => {
          this.#busy.delete(instance);
          this.#changing.delete(change);
        });
        this.#changing.add(change);
      }
      await sleep(LOOK_MS);
    }
  }

  async #follow(instance: Ec2Instance): Promise<void> {
    const running = this.#running.get(instance);
    switch (instance.state) {
      case 'pending':
        await this.#boot(instance);
        instance.state = 'running';
        instance.hasRun = true;
        return;
      case 'stopping':
      case 'shutting-down': {
        const end = instance.state === 'stopping' ? 'stopped' : 'terminated';
        if (running === undefined) return this.#rest(instance, end);
        // The daemon alone is asked, as `KillMode=mixed` has it.
        running.child.kill('SIGTERM');
        await Promise.race([running.ended, sleep(STOP_MS, undefined, { signal: this.#closed.signal })]).catch(
          () => undefined,
        );
        killAll(running.child);
        await running.ended;
        return this.#gone(instance, running, end);
      }
    }
  }

  async #boot(instance: Ec2Instance): Promise<void> {
    const { startAgent, env, users } = this.#options;
    const imds = await openLoopbackImds(() => instance.tags);
    const disk = this.#diskOf(instance);
    mkdirSync(disk, { recursive: true });
    const add = (data: Buffer): void => void (this.#log += data.toString());
    const hosts = users && (await startHosts(disk, users, add));
    const home = users === undefined ? disk : makeFolder(join(disk, 'daemon'), users.daemon);
    const child = spawn(startAgent, [], {
      cwd: home,
      env: { ...env, ...hosts?.env, SWE_HOME: home, AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.endpoint },
      ...(users !== undefined && { uid: users.daemon, gid: users.daemon }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    this.#running.set(instance, { imds, child, ended: once(child, 'exit'), hosts });
  }

  async #gone(instance: Ec2Instance, running: RunningInstance, end: 'stopped' | 'terminated'): Promise<void> {
    // What the daemon left running does not outlive the machine either.
    killAll(running.child);
    await running.hosts?.end();
    await running.imds.close();
    this.#running.delete(instance);
    this.#rest(instance, end);
  }

  #rest(instance: Ec2Instance, end: 'stopped' | 'terminated'): void {
    instance.state = end;
    if (end === 'terminated') rmSync(this.#diskOf(instance), { recursive: true, force: true });
  }

  #diskOf({ instanceId }: Ec2Instance): string {
    return join(this.#options.folder, instanceId);
  }
}

/** The whole process group. */
function killAll({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
