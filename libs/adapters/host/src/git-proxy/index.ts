export type { BaseBranches, GitObjects } from './find-workflow-change';
export { openGitProxy } from './git-proxy';
export type { GitProxy, GitProxyOptions } from './git-proxy';
export type { WorkflowRules } from './serve-push';
export { WorkingCopyObjects } from './working-copy-objects';
