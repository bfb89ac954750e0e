/** The counts that node's test runner printed, undefined where it printed none. */
export interface TestCounts {
  readonly passed: number | undefined;
  readonly failed: number | undefined;
}

/** Reads the summary of the TAP (`# pass 3`) or spec reporter (`ℹ pass 3`). */
export function readTestCounts(output: string): TestCounts {
  return { passed: countOf(output, 'pass'), failed: countOf(output, 'fail') };
}

function countOf(output: string, name: 'pass' | 'fail'): number | undefined {
  const count = new RegExp(`^(?:#|ℹ) ${name} (\\d+)\\s*$`, 'm').exec(output)?.[1];
  return count === undefined ? undefined : Number(count);
}
