import { sessionBranch } from '@swe/domain';
import type { JournalEntry } from '@swe/domain';
import { FINAL_FILES, FINAL_WORDS, ON_DISK, REPOSITORY, timesSaid } from './job';
import { treeHash } from './simulated-machine';
import type { LostDisk, World } from './world';
import { allSessions } from './world-store';

/** What went wrong in one run, counted. All zero is what is promised. */
export interface Violations {
  readonly withoutOutcome: number;
  readonly withTwoOutcomes: number;
  readonly unseenAnswers: number;
  readonly effectsDoubled: number;
  /** Where a process that was taken for dead lived on. */
  readonly unavoidablyDoubled: number;
  readonly transcriptsRefused: number;
  readonly zombieWrites: number;
  /** Steps that were older than the oldest work that may be lost with a machine, and were. */
  readonly stepsLost: number;
  /** Pull requests that do not hold what the job makes. */
  readonly wrongTrees: number;
  /** Model calls whose money is still set aside when everybody rests. */
  readonly callsUnsettled: number;
}

export const NO_VIOLATIONS: Violations = {
  withoutOutcome: 0,
  withTwoOutcomes: 0,
  unseenAnswers: 0,
  effectsDoubled: 0,
  unavoidablyDoubled: 0,
  transcriptsRefused: 0,
  zombieWrites: 0,
  stepsLost: 0,
  wrongTrees: 0,
  callsUnsettled: 0,
};

export function addViolations(a: Violations, b: Violations): Violations {
  return {
    withoutOutcome: a.withoutOutcome + b.withoutOutcome,
    withTwoOutcomes: a.withTwoOutcomes + b.withTwoOutcomes,
    unseenAnswers: a.unseenAnswers + b.unseenAnswers,
    effectsDoubled: a.effectsDoubled + b.effectsDoubled,
    unavoidablyDoubled: a.unavoidablyDoubled + b.unavoidablyDoubled,
    transcriptsRefused: a.transcriptsRefused + b.transcriptsRefused,
    zombieWrites: a.zombieWrites + b.zombieWrites,
    stepsLost: a.stepsLost + b.stepsLost,
    wrongTrees: a.wrongTrees + b.wrongTrees,
    callsUnsettled: a.callsUnsettled + b.callsUnsettled,
  };
}

export function totalOf(violations: Violations): number {
  return Object.values(violations).reduce((sum: number, count: number) => sum + count, 0);
}

/** All that a world has to show for messages of `origins`. */
export async function judge(world: World, origins: readonly string[]): Promise<Violations> {
  const { store, journal, ledger } = world.stored;
  const sessions = await allSessions(store);
  const items = (await Promise.all(sessions.map(({ id }) => store.readInbox(id, 0)))).flat();
  const posts = world.chat.posts.map(({ destination, effectKey }) => `${destination} ${effectKey}`);
  const answers = origins.map((origin) => timesSaid(world.chat.seen(origin), FINAL_WORDS));
  const heads = await Promise.all(
    sessions.map(({ id }) => world.repoHost.branchHead(REPOSITORY, sessionBranch(id))),
  );
  const stepsLostOf = async (lost: LostDisk): Promise<number> =>
    stepsLost(await Array.fromAsync(journal.read(lost.sessionId, 1)), lost);
  const lostSteps = await Promise.all(world.lostDisks.map(stepsLostOf));
  const reserved = await Promise.all(sessions.map(({ id }) => ledger.listReserved(id)));
  const pulls = world.repoHost.pullRequestCount(REPOSITORY);
  const doubled = posts.length - new Set(posts).size + Math.max(0, pulls - origins.length);
  return {
    withoutOutcome: items.filter(({ outcome }) => outcome === undefined).length,
    withTwoOutcomes: items.length - new Set(items.map(({ body }) => JSON.stringify(body))).size,
    unseenAnswers: answers.filter((count) => count === 0).length,
    effectsDoubled: world.hasFrozen ? 0 : doubled,
    unavoidablyDoubled: world.hasFrozen ? doubled : 0,
    transcriptsRefused: world.refused.length,
    zombieWrites: world.zombieWrites,
    stepsLost: lostSteps.reduce((sum, count) => sum + count, 0),
    wrongTrees: heads.filter((head) => head !== FINAL_HEAD).length,
    callsUnsettled: reserved.flat().length,
  };
}

const FINAL_HEAD = treeHash(FINAL_FILES);
/** Work may be so old and not saved yet: the time between checkpoints, and a step's. */
const OLDEST_UNSAVED_MS = 20_000;

/** What had changed the disk, was not in a checkpoint, and should have been. */
function stepsLost(journal: readonly JournalEntry[], lost: LostDisk): number {
  const written = journal.filter(({ atMs }) => atMs <= lost.atMs);
  const saved = written.findLast((entry) => entry.kind === 'checkpoint-saved');
  return written.filter(
    (entry) =>
      entry.kind === 'tool-finished' &&
      ON_DISK.has(entry.name) &&
      entry.seq > (saved?.journalSeq ?? 0) &&
      entry.atMs < lost.atMs - OLDEST_UNSAVED_MS,
  ).length;
}
