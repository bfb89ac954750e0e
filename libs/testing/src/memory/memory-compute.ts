import { Fault } from '@swe/domain';
import type { Compute, Page, PageRequest, Worker } from '@swe/domain';
import { pageOf } from './page-of';

/** Machines that are no more than their state. */
export class MemoryCompute implements Compute {
  /** Whether there are machines to be had. */
  hasCapacity = true;
  readonly #workers = new Map<string, Worker>();
  /** What a machine that ended by itself has left running. */
  readonly #leftBehind = new Set<string>();
  /** The latest generation of each session that was confirmed dead. */
  readonly #dead = new Map<string, number>();

  async ensure(sessionId: string, generation: number): Promise<Worker> {
    if (generation <= (this.#dead.get(sessionId) ?? -1)) {
      throw new Fault('conflict', `machine ${generation} of session ${sessionId} is known to be dead`);
    }
    const current = this.#workers.get(sessionId);
    if (current?.generation === generation) return current;
    if (!this.hasCapacity) throw new Fault('transient', 'there are no machines to be had');
    const worker: Worker = {
      sessionId,
      generation,
      workerId: `${sessionId}.${generation}`,
      state: 'running',
    };
    this.#workers.set(sessionId, worker);
    return worker;
  }

  async stop(workerId: string): Promise<void> {
    const worker = this.#find(workerId);
    if (worker !== undefined) this.#workers.set(worker.sessionId, { ...worker, state: 'stopped' });
  }

  async terminate(workerId: string): Promise<void> {
    const worker = this.#find(workerId);
    if (worker !== undefined) this.#workers.delete(worker.sessionId);
  }

  async describe(sessionId: string): Promise<Worker | undefined> {
    return this.#workers.get(sessionId);
  }

  async list(page: PageRequest): Promise<Page<Worker>> {
    return pageOf([...this.#workers.values()], page, ({ workerId }) => workerId);
  }

  async confirmDead(sessionId: string, generation: number): Promise<boolean> {
    this.#dead.set(sessionId, Math.max(generation, this.#dead.get(sessionId) ?? generation));
    const worker = this.#workers.get(sessionId);
    if (worker?.generation === generation) await this.stop(worker.workerId);
    this.#leftBehind.delete(`${sessionId}.${generation}`);
    return true;
  }

  /** The machine ends by itself, and its processes live on. */
  crash(sessionId: string): void {
    const worker = this.#workers.get(sessionId);
    if (worker === undefined) return;
    this.#workers.set(sessionId, { ...worker, state: 'stopped' });
    this.#leftBehind.add(worker.workerId);
  }

  acting(sessionId: string, generation: number): number {
    const worker = this.#workers.get(sessionId);
    const isUp = worker?.generation === generation && worker.state === 'running';
    return Number(isUp) + Number(this.#leftBehind.has(`${sessionId}.${generation}`));
  }

  #find(workerId: string): Worker | undefined {
    return [...this.#workers.values()].find((worker) => worker.workerId === workerId);
  }
}
