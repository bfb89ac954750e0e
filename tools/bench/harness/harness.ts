import { loadavg } from 'node:os';
import { build } from 'esbuild';
import { bundleOptions } from '../../bundle-options.mjs';
import { comparePolicies } from '../../prompt-cache/compare-policies';
import { loudJob } from '../../prompt-cache/session-plan';
import { startFigures, stepRows, WINDOWS } from './harness-report';
import type { HarnessFigures } from './harness-report';
import { openBenchMachine } from './machine';
import type { BenchMachine } from './machine';
import { measurePair, recordBase, STEPS_OF_A_TURN } from './measure';
import type { Pair } from './measure';

const ROUNDS = 2;
const STEPS = 2 * STEPS_OF_A_TURN;
const SHUT_IN_STEPS = 115;
/** Runs of a step, for the start alone, in a home that is there. */
const STARTS = 7;
const MARKS = WINDOWS.map(({ step }) => step);
/** Of a session whose requests are counted: outputs of 8 KB are shown whole. */
const LONG_SESSION = loudJob(240, 8_000);

/** Measures the agent against the bare loop. The app has to be built. */
export async function measureHarness(machine: string): Promise<HarnessFigures> {
  await build({
    ...bundleOptions('tools', 'bench/harness/bare-loop.ts'),
    outdir: 'dist/tools/bench/bare-loop',
    write: true,
  });
  using bench = openBenchMachine();
  const basePath = await recordBase(bench);
  const long = await rounds(ROUNDS, (name) => pairOf(bench, `long-${name}`, STEPS, false));
  const shutIn = await rounds(ROUNDS, (name) => pairOf(bench, `in-${name}`, SHUT_IN_STEPS, true));
  const starts = await rounds(STARTS, () => pairOf(bench, 'recorded', 1, false));
  return {
    machine,
    rounds: ROUNDS,
    load: loadavg()[0] ?? 0,
    steps: stepRows(long),
    shutInSteps: stepRows(shutIn),
    start: startFigures(starts),
    baseRequestBytes: starts[0]?.agent.firstRequestBytes ?? NaN,
    policies: await comparePolicies('anthropic', LONG_SESSION),
  };

  function pairOf(on: BenchMachine, name: string, steps: number, isShutIn: boolean): Promise<Pair> {
    return measurePair(on, { name, steps, marks: MARKS, basePath, isShutIn });
  }
}

async function rounds<T>(count: number, run: (name: string) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let round = 1; round <= count; round += 1) results.push(await run(String(round)));
  return results;
}
