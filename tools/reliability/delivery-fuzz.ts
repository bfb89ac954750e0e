import { chanceOf } from './chance';
import type { Chance } from './chance';
import type { Protection } from './protection';
import type { Mishap } from './simulated-process';
import { addViolations, judge, NO_VIOLATIONS, totalOf } from './verdict';
import type { Violations } from './verdict';
import { World } from './world';
import { openMemoryStore } from './world-store';

const SPREAD_MS = 180_000;
const LONGEST_MS = 2 * 60 * 60_000;
const MOST_ORIGINS = 3;
const MOST_MESSAGES = 12;
const MOST_MISHAPS = 5;
const MISHAP_PER_CALL = 0.01;
const FATAL: readonly [Mishap, ...Mishap[]] = ['before', 'after', 'in-flight'];

export interface FuzzResult {
  readonly messages: number;
  readonly worlds: number;
  readonly mishaps: number;
  readonly violations: Violations;
  /** Seeds of the worlds in which something went wrong. */
  readonly failures: readonly { readonly seed: number; readonly violations: Violations }[];
}

/**
 * Worlds of people who write to several sessions at once, until `messages` were sent: delayed, out of order, delivered
 * twice, edited, deleted, their hints lost, while processes die. The same seed gives the same worlds.
 */
export async function deliveryFuzz(
  seed: number,
  messages: number,
  without?: Protection,
): Promise<FuzzResult> {
  let result: FuzzResult = { messages: 0, worlds: 0, mishaps: 0, violations: NO_VIOLATIONS, failures: [] };
  for (let world = seed; result.messages < messages; world += 1) {
    const one = await fuzzOne(world, without);
    result = {
      messages: result.messages + one.messages,
      worlds: result.worlds + 1,
      mishaps: result.mishaps + one.mishaps,
      violations: addViolations(result.violations, one.violations),
      failures:
        totalOf(one.violations) === 0
          ? result.failures
          : [...result.failures, { seed: world, violations: one.violations }],
    };
  }
  return result;
}

async function fuzzOne(
  seed: number,
  without?: Protection,
): Promise<{ readonly messages: number; readonly mishaps: number; readonly violations: Violations }> {
  const chance = chanceOf(seed);
  let mishaps = 0;
  const world = new World({
    stored: await openMemoryStore(),
    onCall: () => {
      if (mishaps >= MOST_MISHAPS || !chance.happens(MISHAP_PER_CALL)) return undefined;
      mishaps += 1;
      return chance.oneOf(FATAL);
    },
    losesHint: () => chance.happens(0.3),
    ...(without && { without }),
  });
  const origins = Array.from({ length: 1 + chance.integer(MOST_ORIGINS) }, (_, i) => `terminal:o${i}`);
  const count = origins.length + chance.integer(MOST_MESSAGES);
  const sending = Array.from({ length: count }, (_, i) => write(world, chance, origins, i));
  let isSent = false;
  void Promise.all(sending).then(() => (isSent = true));
  await world.pass(LONGEST_MS, async () => isSent && (await world.isAtRest()));
  world.close();
  return { messages: count, mishaps, violations: await judge(world, origins) };
}

/** One message's life: sent at some time, perhaps twice, perhaps changed. The first of each origin stays. */
async function write(world: World, chance: Chance, origins: readonly string[], index: number): Promise<void> {
  const key = `m${index}`;
  const isFirst = index < origins.length;
  const origin = origins[isFirst ? index : chance.integer(origins.length)] ?? '';
  const [delayMs, twice, edited, deleted] = [
    chance.integer(SPREAD_MS),
    chance.happens(0.3),
    !isFirst && chance.happens(0.2),
    !isFirst && chance.happens(0.1),
  ];
  const message = { key, origin, text: `message ${index}` };
  await world.clock.sleep(delayMs);
  await Promise.all([
    world.send(message),
    ...(twice ? [world.clock.sleep(chance.integer(10_000)).then(() => world.send(message))] : []),
    ...(edited ? [world.revise(key, `${key}/1`, `message ${index}, edited`)] : []),
    ...(deleted ? [world.revise(key, `${key}/deleted`)] : []),
  ]);
}
