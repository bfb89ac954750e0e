import { z } from 'zod';
import { nanoUsd } from '../budget/nano-usd';
import { usage } from '../budget/usage';
import type { Outcome } from './outcome';

export const sessionStatus = z.enum([
  'queued',
  'starting',
  'working',
  'waiting',
  'draining',
  'asleep',
  'ended',
  'failed',
]);
export type SessionStatus = z.infer<typeof sessionStatus>;

/** A pull request that this session opened. `headBranch` is what a successor finds it by. */
export const sessionPullRequest = z.object({
  repository: z.string(),
  headBranch: z.string(),
  number: z.int().positive(),
  url: z.string(),
  /** What the session pushed last: another head is somebody else's. Absent in those that are older than the field. */
  headSha: z.string().exactOptional(),
});
export type SessionPullRequest = z.infer<typeof sessionPullRequest>;

/** Checks of a commit that a turn waits for while its machine sleeps, at the latest until `untilMs`. */
export const awaitedChecks = z.object({ repository: z.string(), headSha: z.string(), untilMs: z.int() });
export type AwaitedChecks = z.infer<typeof awaitedChecks>;

export const sessionTotals = z.object({ steps: z.int().nonnegative(), usage });
export type SessionTotals = z.infer<typeof sessionTotals>;

/** How a turn ended, in a word: `asked` is an answer that asks back. */
export const turnEnding = z.enum(['answered', 'asked', 'refused', 'failed', 'stopped', 'cancelled']);
export type TurnEnding = z.infer<typeof turnEnding>;

/** Undefined for a command's result, which ends no turn. */
export function turnEndingOf(outcome: Outcome): TurnEnding | undefined {
  switch (outcome.kind) {
    case 'answered':
      return outcome.asksBack === true ? 'asked' : 'answered';
    case 'command-result':
      return undefined;
    default:
      return outcome.kind;
  }
}

/** One thread of work. Times are Unix milliseconds. */
export const session = z.object({
  id: z.string(),
  /** Counts every write; what optimistic writers compare. */
  revision: z.int().nonnegative(),
  status: sessionStatus,
  /** Where it came from (`terminal:<uuid>`, a Slack thread, an issue), and where its output goes. */
  origin: z.string(),
  round: z.int().positive(),
  /**
   * `slack:T/U`, `github:login`, `cognito:sub`, `key:id` or `local:<os user>`. Who opened it; where nothing is done for
   * them, the first one for whom something is.
   */
  requester: z.string(),
  title: z.string(),
  /** Of the API's callers only its requester and admins see it. */
  isPrivate: z.literal(true).optional(),
  /** The session that it works for, under whose cap it spends as well; absent for one that works for none. */
  parent: z.string().optional(),
  /** Canonical repository URLs, in the order in which the session met them. */
  repositories: z.array(z.string()),
  /** The branch that work in a repository starts from, by the repository, where it is not the default one. */
  baseBranches: z.record(z.string(), z.string()).optional(),
  /** What the agent's forks are forks of, by the fork. Both are among the repositories. */
  upstreams: z.record(z.string(), z.string()).optional(),
  /** The issue that the session's task is, if it is one. */
  issue: z.object({ repository: z.string(), number: z.int().positive() }).optional(),
  /** `<provider>/<model id>`; absent until the first model call. */
  model: z.string().optional(),
  /** The model that its requester wants; absent while it is whichever is set for all. */
  wishedModel: z.string().optional(),
  /** The agent that its requester wants, by its name; absent while it is the one that all have. */
  wishedAgent: z.string().optional(),
  /** What its requester lets it spend; absent while it is what is set for all. */
  capNanoUsd: nanoUsd.optional(),
  /** Who let it change workflow files, and when; absent while nobody does. */
  workflowLeave: z.object({ by: z.string(), atMs: z.int() }).optional(),
  /** The cap that its work was put down over: with a higher one it goes on, until that turn is over. */
  deniedCapNanoUsd: nanoUsd.optional(),
  /** The cap near which its requester was asked for more: once for each. */
  askedNearCapNanoUsd: nanoUsd.optional(),
  pullRequests: z.array(sessionPullRequest),
  /** URLs of those that are merged or closed. It is the ingress's to write, which hears of it. */
  closedPullRequests: z.array(z.string()).optional(),
  /** Times in a row that it was woken to repair what checks found: counted by the ingress, anew with a person's words. */
  repairs: z.int().nonnegative().optional(),
  totals: sessionTotals,
  /** How the last turn that is over ended; absent until one is, and in sessions older than the field. */
  lastTurn: turnEnding.optional(),
  /** The inbox sequence up to which messages are admitted. */
  cursor: z.int().nonnegative(),
  /** Which of the session's machines may work; counted up by the manager, 0 before the first. */
  generation: z.int().nonnegative().default(0),
  /** The machine is about to be stopped: it must not take the lease again. */
  stopping: z.boolean().optional(),
  /** A held lease as the manager saw it, and when by its own clock: unmoved for long, its holder is gone. */
  leaseSeen: z.object({ fence: z.int(), revision: z.int(), atMs: z.int() }).optional(),
  /** Tries in a row that gave no machine. */
  startAttempts: z.int().nonnegative().optional(),
  /** When a machine of it last took up its work; absent in sessions older than the field. */
  bootedAtMs: z.int().optional(),
  /** When a machine of it last turned out to be dead before it took up its work. */
  bootFailedAtMs: z.int().optional(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
  /** Why the session can't go on by itself, in words for its requester. */
  failure: z.string().optional(),
  /** No machine is started before. */
  retryAtMs: z.int().optional(),
  /** Its turn waits until then, or until a message comes, which starts a machine at once. */
  wakeAtMs: z.int().optional(),
  /** What its turn waits for, if that is checks. */
  awaitedChecks: awaitedChecks.optional(),
  /** The manager has to look by then: to stop the machine, to see it stopped, or to terminate it. */
  manageAtMs: z.int().optional(),
  /** When the host of its pull requests is asked what no delivery told; absent while none of them is open. */
  pollAtMs: z.int().optional(),
});
export type Session = z.infer<typeof session>;

/** The fields of a session that a writer may set. `undefined` clears an optional field, absence leaves it alone. */
export type SessionChange = Partial<Omit<Session, 'id' | 'revision' | 'origin' | 'round' | 'createdAtMs'>>;
