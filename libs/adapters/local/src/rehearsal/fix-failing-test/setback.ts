import type { ScriptRun, ToolUse } from '../script';

const QUOTED_LINES = 8;

/** Why the script cannot go on, in words for the person that name the step. */
export class Setback extends Error {
  constructor(words: string, output?: string) {
    super(output === undefined ? words : `${words}\n\n${quoted(output)}`);
  }
}

/** A move whose tools must all succeed. A failure is a setback: `problem` and the first lines of the error. */
export function* must(
  problem: string,
  say: string,
  ...calls: readonly ToolUse[]
): ScriptRun<readonly string[]> {
  const outcomes = yield { say, calls };
  const failed = outcomes.find(({ isError }) => isError);
  if (failed !== undefined) throw new Setback(problem, failed.text);
  return outcomes.map(({ text }) => text);
}

/** Indented, since what a tool printed may hold any fence. */
function quoted(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(0, QUOTED_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}
