export { demoRepository } from './demo-repository';
export type { DemoBug, DemoIssue, DemoRepository } from './demo-repository';
export type { DemoCheck, DemoStep } from './demo-verdict-policy';
export { resolveTask } from './resolve-task';
export type { ResolvedTask, TaskHosts, TaskRequest } from './resolve-task';
export { runDemo } from './run-demo';
export type { DemoForge, DemoPorts, DemoRun, DemoVerdict } from './run-demo';
export { runVerdict } from './run-verdict-policy';
export type { RunVerdict } from './run-verdict-policy';
