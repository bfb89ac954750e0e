export { checkLaunch } from './check-launch';
export type { LaunchToCheck } from './check-launch';
export * from './ec2-compute';
export { TAGS } from './machine';
export { NO_WORKER, withClaim, withGrave } from '../worker-register';
export type { WorkerClaim, WorkerEntry, WorkerRegister } from '../worker-register';
