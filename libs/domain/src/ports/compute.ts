import type { Page, PageRequest } from '../page';

/** A session's machine. Generations are counted up from 1 by the worker manager. */
export interface Worker {
  readonly sessionId: string;
  readonly generation: number;
  readonly workerId: string;
  readonly state: 'starting' | 'running' | 'stopping' | 'stopped' | 'terminated';
}

/**
 * Machines for agents: an EC2 instance, or a child process.
 *
 * - two concurrent `ensure` of a session give one worker
 * - `ensure` of a later generation gives a new worker, which is the one described from then on
 * - a worker that ends by itself is seen `stopped`
 * - `stop` ends a worker, and is harmless when it has ended
 * - only workers this system started are listed, each once, page by page
 * - `confirmDead` ends what is left of a generation, and is true once none of it can act any more
 * - `ensure` of a generation that was confirmed dead, or of one before it, is a `conflict` and starts nothing
 * - `terminate` forgets the worker
 * - no capacity is `transient`
 */
export interface Compute {
  ensure(sessionId: string, generation: number): Promise<Worker>;
  stop(workerId: string): Promise<void>;
  terminate(workerId: string): Promise<void>;
  /** The one of the latest generation. */
  describe(sessionId: string): Promise<Worker | undefined>;
  list(page: PageRequest): Promise<Page<Worker>>;
  /** True as well for a generation that never was. */
  confirmDead(sessionId: string, generation: number): Promise<boolean>;
}
