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
 * - `ensure` starts a stopped worker again and leaves a running one alone
 * - only workers this system tagged are listed or touched
 * - `confirmDead` is true only when no process of that generation can act any more
 * - no capacity is `transient`
 */
export interface Compute {
  ensure(sessionId: string, generation: number): Promise<Worker>;
  stop(workerId: string): Promise<void>;
  terminate(workerId: string): Promise<void>;
  describe(sessionId: string): Promise<Worker | undefined>;
  list(page: PageRequest): Promise<Page<Worker>>;
  confirmDead(sessionId: string, generation: number): Promise<boolean>;
}
