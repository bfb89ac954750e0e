export { traceActivity } from './trace-activity';
export { tracedCompute } from './traced-compute';
export { tracedStore } from './traced-store';
