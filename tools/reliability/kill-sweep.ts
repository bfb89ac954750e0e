import type { Protection } from './protection';
import type { Mishap, PortCall } from './simulated-process';
import { addViolations, judge, NO_VIOLATIONS, totalOf } from './verdict';
import type { Violations } from './verdict';
import { World } from './world';
import { openMemoryStore } from './world-store';
import type { OpenWorldStore } from './world-store';

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

/** How a job is run, and on what. */
export interface JobOptions {
  readonly without?: Protection;
  /** The job waits for checks that take so long. */
  readonly checksMs?: number;
  readonly openStore?: OpenWorldStore;
}

/** Every port call of a whole job, from the message to the session asleep, in order. */
export async function portCallsOfJob(options: JobOptions = {}): Promise<readonly PortCall[]> {
  const calls: PortCall[] = [];
  await runJob((call) => void calls.push(call), options);
  return calls;
}

/** The first of the mishap's trials that shows such a violation; undefined when none does. */
export async function firstViolation(
  mishap: Mishap,
  kind: keyof Violations,
  without: Protection,
): Promise<KillPoint | undefined> {
  for (const point of await killPoints([mishap])) {
    if ((await runKilled(point, { without }))[kind] > 0) return point;
  }
  return undefined;
}

/** A job that has one mishap, at one of its port calls. */
export async function runKilled(
  { index, mishap }: Pick<KillPoint, 'index' | 'mishap'>,
  options: JobOptions = {},
): Promise<Violations> {
  let at = 0;
  return runJob(() => (at++ === index ? mishap : undefined), options);
}

/** Each of the given mishaps at each port call of the job. */
export async function killPoints(
  mishaps: readonly Mishap[],
  options: JobOptions = {},
): Promise<readonly KillPoint[]> {
  const calls = await portCallsOfJob(options);
  return calls.flatMap((call, index) => mishaps.map((mishap) => ({ call, index, mishap })));
}

/** The job with each of the given mishaps at each of its port calls, or at every `stride`-th of them. */
export async function killSweep(
  mishaps: readonly Mishap[],
  { stride = 1, without }: { readonly stride?: number; readonly without?: Protection } = {},
): Promise<SweepResult> {
  const chosen = (await killPoints(mishaps)).filter((_point, i) => i % stride === 0);
  return sweepOver(chosen, (point) => runKilled(point, { ...(without && { without }) }));
}

/** Longer than a machine waits for them. */
const CHECKS_MS = 8 * 60_000;

/** The same of a job that waits for checks, from its first look at them on: what is before that is the other sweep's. */
export async function waitSweep(
  mishaps: readonly Mishap[],
  { stride = 1, without }: { readonly stride?: number; readonly without?: Protection } = {},
): Promise<SweepResult> {
  const waiting = { checksMs: CHECKS_MS };
  const options = { ...waiting, ...(without && { without }) };
  const points = await killPoints(mishaps, waiting);
  const from = points.findIndex(({ call }) => call.method === 'checks');
  const chosen = points.slice(from).filter((_point, i) => i % stride === 0);
  return sweepOver(chosen, (point) => runKilled(point, options));
}

/** Trials at the points, so many at once, and what went wrong in them. */
export async function sweepOver<Point extends KillPoint>(
  points: readonly Point[],
  run: (point: Point) => Promise<Violations>,
  lanes = 1,
): Promise<SweepResult> {
  let violations = NO_VIOLATIONS;
  const failures: { point: KillPoint; violations: Violations }[] = [];
  const left = points.values();
  const runLane = async (): Promise<void> => {
    for (const point of left) {
      const found = await run(point);
      violations = addViolations(violations, found);
      if (totalOf(found) > 0) failures.push({ point, violations: found });
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  return { trials: points.length, violations, failures };
}

/** The job, with what `onCall` lets happen. */
export async function runJob(
  onCall: (call: PortCall) => Mishap | undefined | void,
  { without, checksMs, openStore = openMemoryStore }: JobOptions = {},
): Promise<Violations> {
  const stored = await openStore();
  const world = new World({
    stored,
    onCall: (call) => onCall(call) ?? undefined,
    ...(without && { without }),
    ...(checksMs !== undefined && { checksMs }),
  });
  void world.send({ key: 'm1', origin: ORIGIN, text: 'Fix the price.' });
  await world.pass(LONGEST_MS, () => world.isAtRest());
  world.close();
  const violations = await judge(world, [ORIGIN]);
  await stored.close();
  return violations;
}
