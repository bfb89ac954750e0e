export { connectShell } from './remote-shell';
export { serveShells } from './serve-shells';
export type {
  Confinement,
  Shell,
  ShellOptions,
  ShellProcessesOptions,
  ShellProgramsOptions,
  ShellSnapshotsOptions,
  SpokenProgram,
  SpokenPrograms,
  SpokenProgramSpec,
} from './shell';
