import type { Compute, Outbox, SessionStore } from '@swe/domain';
import type { AgentPorts } from '../agent';
import type { ManagerTiming } from './reconcile-policy';

export interface ManagerPorts extends Omit<AgentPorts, 'store' | 'outbox' | 'bus' | 'models' | 'observe'> {
  readonly store: SessionStore;
  readonly outbox: Outbox;
  readonly compute: Compute;
}

export interface Manager {
  /** Names it in leases and claims. */
  readonly name: string;
  readonly timing: ManagerTiming;
}
