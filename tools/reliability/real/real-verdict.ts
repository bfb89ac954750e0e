import { timesSaid } from '../job';
import type { RealTwin } from './real-twin';

/** What went wrong in runs of real processes, counted. All zero is what is promised. */
export interface RealViolations {
  readonly withoutOutcome: number;
  /** Jobs whose final report was not seen exactly once. */
  readonly notAnsweredOnce: number;
  readonly postsDoubled: number;
  /** Jobs that did not end in exactly one pull request with the right tree. */
  readonly wrongTrees: number;
  /** Steps that were older than the oldest work that may be lost with a machine, and were. */
  readonly stepsLost: number;
  /** Machines that did not get back the tree of a moment before. */
  readonly wrongRestores: number;
}

export const NO_REAL_VIOLATIONS: RealViolations = {
  withoutOutcome: 0,
  notAnsweredOnce: 0,
  postsDoubled: 0,
  wrongTrees: 0,
  stepsLost: 0,
  wrongRestores: 0,
};

export function totalOfReal(violations: RealViolations): number {
  return Object.values(violations).reduce((sum: number, count: number) => sum + count, 0);
}

interface EndedJob {
  readonly id: string;
  readonly expectedTree: string;
  readonly finalWords: string;
}

/** `violations` and what is to be said against one job. */
export async function judgeReal(
  twin: RealTwin,
  { id, expectedTree, finalWords }: EndedJob,
  violations: RealViolations,
): Promise<RealViolations> {
  const messages = await twin.messagesOf(id);
  const posts = await twin.postsOf(id);
  const pullRequests = (await twin.load(id))?.pullRequests.length;
  const bodies = posts.map(({ body }) => body);
  const isRight = pullRequests === 1 && twin.treeOf(id) === expectedTree;
  return {
    ...violations,
    withoutOutcome: violations.withoutOutcome + messages.filter(({ hasOutcome }) => !hasOutcome).length,
    notAnsweredOnce: violations.notAnsweredOnce + (timesSaid(bodies, finalWords) === 1 ? 0 : 1),
    postsDoubled:
      violations.postsDoubled + posts.length - new Set(posts.map(({ effectKey }) => effectKey)).size,
    wrongTrees: violations.wrongTrees + (isRight ? 0 : 1),
  };
}
