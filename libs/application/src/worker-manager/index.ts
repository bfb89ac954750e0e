export { lookAtSession } from './look-at-session';
export type { LookResult } from './look-at-session';
export type { Manager, ManagerPorts } from './manager-ports';
export { DEFAULT_MANAGER_TIMING } from './reconcile-policy';
export type { ManagerTiming } from './reconcile-policy';
export { reconcileSession } from './reconcile-session';
export { sweep } from './sweep';
export { sweepOrphans } from './sweep-orphans';
