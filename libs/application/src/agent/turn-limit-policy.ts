/** What one turn may use. Reaching a limit ends the turn with a message that says which. */
export interface TurnLimits {
  readonly maxSteps: number;
  readonly maxTurnMs: number;
  /** Of one model call. */
  readonly maxModelCallMs: number;
  readonly maxToolCallsPerStep: number;
  /** Answers in a row that reached the output limit. */
  readonly maxCutAnswers: number;
  /** Thinking included. */
  readonly maxOutputTokens: number;
}

export const DEFAULT_TURN_LIMITS: TurnLimits = {
  maxSteps: 250,
  maxTurnMs: 4 * 60 * 60_000,
  maxModelCallMs: 10 * 60_000,
  maxToolCallsPerStep: 32,
  maxCutAnswers: 5,
  maxOutputTokens: 32_768,
};

export interface TurnProgress {
  readonly steps: number;
  readonly startedAtMs: number;
  readonly cutAnswers: number;
}

/** Why the turn may not take another step, in words for the person; undefined when it may. */
export function turnLimitReached(
  progress: TurnProgress,
  limits: TurnLimits,
  nowMs: number,
): string | undefined {
  if (progress.steps >= limits.maxSteps) {
    return `the limit of ${limits.maxSteps} steps for one turn is reached. Say "go on" to continue from here.`;
  }
  if (nowMs - progress.startedAtMs >= limits.maxTurnMs) {
    const minutes = Math.round(limits.maxTurnMs / 60_000);
    return `the limit of ${minutes} minutes for one turn is reached. Say "go on" to continue from here.`;
  }
  if (progress.cutAnswers >= limits.maxCutAnswers) {
    return `the model's answer was cut at its output limit ${progress.cutAnswers} times in a row.`;
  }
  return undefined;
}
