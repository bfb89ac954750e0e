import { chanceOf } from './chance';
import { killPoints, MISHAPS, runJob, sweepOver } from './kill-sweep';
import type { JobOptions, KillPoint, SweepResult } from './kill-sweep';
import type { PortCall } from './simulated-process';
import type { Violations } from './verdict';
import { isRead } from './world-store';

/**
 * A kill point by what is called there: the `nth` call of its kind by its process. Where answers come when they come,
 * calls that are under way at once change places, and the index of a call says less.
 */
export interface NamedKillPoint extends KillPoint {
  readonly nth: number;
}

const STORE_PORTS: ReadonlySet<string> = new Set(['session-store', 'journal', 'outbox']);

/**
 * Some kill points of the job, the same for the same seed: each method that writes to the store with each mishap, each
 * other method of any port with one.
 */
export async function sampleKillPoints(seed: number): Promise<readonly NamedKillPoint[]> {
  const chance = chanceOf(seed);
  const points = namedPoints(await killPoints(MISHAPS)).filter(isOfItsOwn);
  const alike = Object.values(Object.groupBy(points, kindOf));
  return alike.flatMap((group = []) => group.slice(chance.integer(group.length)).slice(0, 1));
}

/** Worlds with a store of their own wait for it more than they compute, and not for each other. */
const LANES = 3;

/** The job with a mishap at each of the points. */
export async function sweepSample(
  points: readonly NamedKillPoint[],
  options: JobOptions,
): Promise<SweepResult> {
  return sweepOver(points, (point) => runKilledAt(point, options), LANES);
}

/** Fails when the job does not come to the point: such a trial would show nothing. */
async function runKilledAt(point: NamedKillPoint, options: JobOptions): Promise<Violations> {
  const place = nameOf(point.call);
  let calls = 0;
  const violations = await runJob((call) => {
    if (nameOf(call) !== place) return undefined;
    calls += 1;
    return calls === point.nth ? point.mishap : undefined;
  }, options);
  if (calls < point.nth) throw new Error(`the job made ${calls} calls of "${place}", not ${point.nth}`);
  return violations;
}

function namedPoints(points: readonly KillPoint[]): readonly NamedKillPoint[] {
  const counters = new Map(MISHAPS.map((mishap) => [mishap, callCounter()]));
  return points.map((point) => ({ ...point, nth: counters.get(point.mishap)?.(point.call) ?? 0 }));
}

/** Only a worker has a disk to lose; to others it is dying before the call. */
function isOfItsOwn({ call, mishap }: KillPoint): boolean {
  return mishap !== 'lost' || call.process.startsWith('worker');
}

/** What one point is taken of. */
function kindOf({ call: { port, method }, mishap }: KillPoint): string {
  const isWrite = STORE_PORTS.has(port) && !isRead(method);
  return isWrite ? `${port} ${method} ${mishap}` : `${port} ${method}`;
}

/** Tells of each call the how-manieth of its name it is, from 1. */
function callCounter(): (call: PortCall) => number {
  const counts = new Map<string, number>();
  return (call) => {
    const count = (counts.get(nameOf(call)) ?? 0) + 1;
    counts.set(nameOf(call), count);
    return count;
  };
}

function nameOf({ process, port, method }: PortCall): string {
  return `${process} ${port} ${method}`;
}
