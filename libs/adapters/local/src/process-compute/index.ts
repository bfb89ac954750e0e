export * from './process-compute';
export { WORKER_MARK } from './marked-processes';
