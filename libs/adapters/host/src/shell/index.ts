export { connectShell } from './remote-shell';
export { serveShells } from './serve-shells';
export type {
  Confinement,
  Shell,
  ShellOptions,
  ShellProcessesOptions,
  ShellProgramsOptions,
  ShellSnapshotsOptions,
  SpokenPrograms,
} from './shell';
