import type { Compute, Page, Worker } from '@swe/domain';
import type { SimulatedProcess } from './simulated-process';

interface Machine {
  readonly worker: Omit<Worker, 'state'>;
  readonly process: SimulatedProcess;
}

/**
 * Machines whose whole life is one process. A frozen process is one that cannot be reached: it is taken for dead,
 * and is not.
 */
export class SimulatedCompute implements Compute {
  readonly #machines = new Map<string, Machine>();

  constructor(private readonly boot: (sessionId: string, generation: number) => SimulatedProcess) {}

  async ensure(sessionId: string, generation: number): Promise<Worker> {
    const current = this.#machines.get(sessionId);
    if (current?.worker.generation !== generation) {
      const worker = { sessionId, generation, workerId: sessionId };
      this.#machines.set(sessionId, { worker, process: this.boot(sessionId, generation) });
    }
    return this.#stateOf(sessionId);
  }

  async stop(workerId: string): Promise<void> {
    this.#kill(workerId);
  }

  async terminate(workerId: string): Promise<void> {
    this.#kill(workerId);
  }

  async describe(sessionId: string): Promise<Worker | undefined> {
    return this.#machines.has(sessionId) ? this.#stateOf(sessionId) : undefined;
  }

  async list(): Promise<Page<Worker>> {
    return { items: [...this.#machines.keys()].map((id) => this.#stateOf(id)) };
  }

  async confirmDead(sessionId: string): Promise<boolean> {
    this.#kill(sessionId);
    return true;
  }

  #kill(sessionId: string): void {
    const process = this.#machines.get(sessionId)?.process;
    if (process?.isFrozen === false) process.clear();
  }

  #stateOf(sessionId: string): Worker {
    const machine = this.#machines.get(sessionId);
    if (machine === undefined) throw new Error(`there is no machine of ${sessionId}`);
    return { ...machine.worker, state: machine.process.isDead ? 'stopped' : 'running' };
  }
}
