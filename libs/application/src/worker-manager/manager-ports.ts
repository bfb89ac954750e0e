import type { BlobStore, Compute, Directory, Outbox, SessionStore } from '@swe/domain';
import type { AgentPorts } from '../agent';
import type { MissedEvents } from './poll-pull-requests';
import type { ManagerTiming } from './reconcile-policy';

export interface ManagerPorts extends Omit<
  AgentPorts,
  'store' | 'outbox' | 'bus' | 'models' | 'openModel' | 'observe' | 'snapshots' | 'blobs'
> {
  readonly store: SessionStore;
  readonly outbox: Outbox;
  readonly compute: Compute;
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly directory: Pick<Directory, 'person'>;
  /** Absent where no host of repositories tells of anything. */
  readonly missed?: MissedEvents;
}

export interface Manager {
  /** Names it in leases and claims. */
  readonly name: string;
  readonly timing: ManagerTiming;
}
