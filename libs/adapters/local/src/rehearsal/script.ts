import type { JsonObject } from '@swe/domain';

export interface ToolUse {
  readonly name: string;
  readonly input: JsonObject;
}

/** What a script says and asks for in one answer. A move has at least one call. */
export interface Move {
  readonly say: string;
  readonly calls: readonly ToolUse[];
}

/** A tool's result as models see it. */
export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
}

/** A script's last words. One that gave up refuses the task: nobody may take its words for an answer. */
export interface Ending {
  readonly say: string;
  readonly gaveUp: boolean;
}

/** A script at work: yields moves and is given one outcome for each of a move's calls. */
export type ScriptRun<Result> = Generator<Move, Result, readonly ToolOutcome[]>;

/**
 * A rehearsal's script. It may depend on the task's text and the outcomes alone: it is run again from its beginning
 * at every step.
 */
export type Script = (task: string) => ScriptRun<Ending>;
