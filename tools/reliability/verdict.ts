import { FINAL_WORDS, REPOSITORY, timesSaid } from './job';
import type { World } from './world';

/** What went wrong in one run, counted. All zero is what is promised. */
export interface Violations {
  readonly withoutOutcome: number;
  readonly withTwoOutcomes: number;
  readonly unseenAnswers: number;
  readonly effectsDoubled: number;
  readonly transcriptsRefused: number;
  readonly zombieWrites: number;
}

export const NO_VIOLATIONS: Violations = {
  withoutOutcome: 0,
  withTwoOutcomes: 0,
  unseenAnswers: 0,
  effectsDoubled: 0,
  transcriptsRefused: 0,
  zombieWrites: 0,
};

export function addViolations(a: Violations, b: Violations): Violations {
  return {
    withoutOutcome: a.withoutOutcome + b.withoutOutcome,
    withTwoOutcomes: a.withTwoOutcomes + b.withTwoOutcomes,
    unseenAnswers: a.unseenAnswers + b.unseenAnswers,
    effectsDoubled: a.effectsDoubled + b.effectsDoubled,
    transcriptsRefused: a.transcriptsRefused + b.transcriptsRefused,
    zombieWrites: a.zombieWrites + b.zombieWrites,
  };
}

export function totalOf(violations: Violations): number {
  return Object.values(violations).reduce((sum: number, count: number) => sum + count, 0);
}

/** All that a world has to show for messages of `origins`. */
export function judge(world: World, origins: readonly string[]): Violations {
  const items = [...world.data.sessions.values()].flatMap(({ inbox }) => inbox);
  const posts = world.chat.posts.map(({ destination, effectKey }) => `${destination} ${effectKey}`);
  const answers = origins.map((origin) => timesSaid(world.chat.seen(origin), FINAL_WORDS));
  const pulls = world.repoHost.pullRequestCount(REPOSITORY);
  return {
    withoutOutcome: items.filter(({ outcome }) => outcome === undefined).length,
    withTwoOutcomes: items.length - new Set(items.map(({ body }) => JSON.stringify(body))).size,
    unseenAnswers: answers.filter((count) => count === 0).length,
    effectsDoubled: posts.length - new Set(posts).size + Math.max(0, pulls - origins.length),
    transcriptsRefused: world.refused.length,
    zombieWrites: world.zombieWrites,
  };
}
