export type { BaseBranches } from './find-workflow-change';
export { openGitProxy } from './git-proxy';
export type { GitProxy, GitProxyOptions } from './git-proxy';
export { changeJudge } from './judge-change';
export type { ChangeRules, JudgeChange } from './judge-change';
export type { GitObjects } from './proven-objects';
export type { WorkflowRules } from './serve-push';
export { WorkingCopyObjects } from './working-copy-objects';
