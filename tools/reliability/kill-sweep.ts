import type { Protection } from './protection';
import type { Mishap, PortCall } from './simulated-process';
import { addViolations, judge, NO_VIOLATIONS, totalOf } from './verdict';
import type { Violations } from './verdict';
import { World } from './world';

const ORIGIN = 'terminal:sweep';
const LONGEST_MS = 60 * 60_000;
export const MISHAPS: readonly Mishap[] = ['before', 'after', 'in-flight', 'lost', 'freeze'];

export interface KillPoint {
  readonly call: PortCall;
  /** The how-manieth port call of the job it is. */
  readonly index: number;
  readonly mishap: Mishap;
}

export interface SweepResult {
  readonly trials: number;
  readonly violations: Violations;
  /** The points at which something went wrong. */
  readonly failures: readonly { readonly point: KillPoint; readonly violations: Violations }[];
}

/** Every port call of a whole job, from the message to the session asleep, in order. */
export async function portCallsOfJob(): Promise<readonly PortCall[]> {
  const calls: PortCall[] = [];
  await runJob((call) => void calls.push(call));
  return calls;
}

/** A job that has one mishap, at one of its port calls. */
export async function runKilled(
  { index, mishap }: Pick<KillPoint, 'index' | 'mishap'>,
  without?: Protection,
): Promise<Violations> {
  let at = 0;
  return runJob(() => (at++ === index ? mishap : undefined), without);
}

/** The job with each of the given mishaps at each of its port calls, or at every `stride`-th of them. */
export async function killSweep(
  mishaps: readonly Mishap[],
  { stride = 1, without }: { readonly stride?: number; readonly without?: Protection } = {},
): Promise<SweepResult> {
  const calls = await portCallsOfJob();
  const points = calls.flatMap((call, index) => mishaps.map((mishap) => ({ call, index, mishap })));
  let violations = NO_VIOLATIONS;
  const failures: { point: KillPoint; violations: Violations }[] = [];
  const chosen = points.filter((_point, i) => i % stride === 0);
  for (const point of chosen) {
    const found = await runKilled(point, without);
    violations = addViolations(violations, found);
    if (totalOf(found) > 0) failures.push({ point, violations: found });
  }
  return { trials: chosen.length, violations, failures };
}

async function runJob(
  onCall: (call: PortCall) => Mishap | undefined | void,
  without?: Protection,
): Promise<Violations> {
  const world = new World({ onCall: (call) => onCall(call) ?? undefined, ...(without && { without }) });
  void world.send({ key: 'm1', origin: ORIGIN, text: 'Fix the price.' });
  await world.pass(LONGEST_MS, () => world.isAtRest);
  world.close();
  return judge(world, [ORIGIN]);
}
