export { openBubblewrap } from './bubblewrap';
export * from './host-processes';
export type { Sandbox } from './sandbox';
export { ServerPrograms } from './server-programs';
export type { ServerProgramSpec, ServerProgramsOptions } from './server-programs';
