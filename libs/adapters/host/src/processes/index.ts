export { openBubblewrap } from './bubblewrap';
export * from './host-processes';
export type { Sandbox } from './sandbox';
