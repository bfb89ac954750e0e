export * from './process-compute';
export { workerMark } from './marked-processes';
