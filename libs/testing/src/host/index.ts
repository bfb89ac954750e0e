export { lives, pidIn } from './living-process';
export { MAX_SPOOL_BYTES, processesSubject } from './processes-subject';
export { snapshotMachine } from './snapshot-machine';
export { makeFolders, workspaceSubject } from './workspace-folder';
