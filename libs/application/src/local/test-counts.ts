/** The counts that node's test runner printed, undefined where it printed none. */
export interface TestCounts {
  readonly passed: number | undefined;
  readonly failed: number | undefined;
}

/** Reads the summary of the TAP (`# pass 3`) or spec reporter (`ℹ pass 3`). */
export function readTestCounts(output: string): TestCounts {
  return { passed: countOf(output, 'pass'), failed: countOf(output, 'fail') };
}

/** In all: a monorepo's command may run the runner once for each package. */
function countOf(output: string, name: 'pass' | 'fail'): number | undefined {
  const counts = [...output.matchAll(new RegExp(`^(?:#|ℹ) ${name} (\\d+)\\s*$`, 'gm'))];
  return counts.length === 0 ? undefined : counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
