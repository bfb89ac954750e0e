export { connectShell } from './remote-shell';
export { serveShells } from './serve-shells';
export type { Confinement, Shell, ShellOptions, ShellProcessesOptions, ShellSnapshotsOptions } from './shell';
