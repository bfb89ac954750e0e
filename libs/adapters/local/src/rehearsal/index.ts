export { REHEARSAL_SCRIPTS, RehearsalModel, rehearsalModel } from './rehearsal-model';
export type { Pace } from './rehearsal-model';
export type { Move, Script, ScriptRun, ToolOutcome, ToolUse } from './script';
