import { isSessionBranch, sessionBranch } from './session-branch';

/** One ref that a push wants to move, as `git-receive-pack` is told of it. */
export interface PushCommand {
  readonly ref: string;
  readonly oldId: string;
  /** All zeros: the ref is to go. */
  readonly newId: string;
}

/** What is known of the workflow files of a commit, against those it started from. */
export type WorkflowFinding =
  | 'unchanged'
  | 'changed'
  /** Its objects, or those of the commit it started from, could not be had. */
  | 'unreadable';

export interface RefDecision {
  readonly ref: string;
  /** The sentence that the model reads; undefined lets the ref be pushed. */
  readonly refusal: string | undefined;
}

const WORKFLOWS = '.github/workflows';
const OTHERS_REFUSED = 'not pushed, because another ref of this push is refused';
const REFUSALS: Readonly<Record<Exclude<WorkflowFinding, 'unchanged'>, string>> = {
  changed: `files in ${WORKFLOWS} are changed, which needs leave of a person: put them back as they are on the base branch, or ask with ask_user for them to say: allow workflows`,
  unreadable: `it cannot be seen whether files in ${WORKFLOWS} are changed: push from a clone in the workspace, with the base branch fetched`,
};
const WEAKENED = 'failed checks are being repaired, and this would make them say less';
const WORD_WANTED =
  'Repair the code instead and put these back, or ask the person with ask_user which of them may be changed: it can be pushed once they have answered';
/** What every host takes in a ref's name and no shell, log or page reads anything into. */
const PLAIN_NAME = /^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)*$/;

/**
 * Which refs a session may move: its own branches, forward or by force, and nothing else. One that it may not move
 * keeps all others of the push back.
 */
export function judgeRefs(commands: readonly PushCommand[], sessionId: string): readonly RefDecision[] {
  return allOrNothing(commands.map((command) => [command, refusalOf(command, sessionId)]));
}

/**
 * Whether commits may be pushed, by what was found of their workflow files: those run with the repository's secrets.
 * A commit that nothing was found about is refused.
 */
export function judgeWorkflows(
  commands: readonly PushCommand[],
  findings: ReadonlyMap<string, WorkflowFinding>,
): readonly RefDecision[] {
  return allOrNothing(
    commands.map((command) => {
      const finding = findings.get(command.newId) ?? 'unreadable';
      return [command, finding === 'unchanged' ? undefined : REFUSALS[finding]];
    }),
  );
}

/**
 * Whether a change may be pushed in a repair of failed checks, by how it makes checks say less (`weakeningOf`), ref by
 * ref. A ref that nothing was found about is refused.
 */
export function judgeWeakening(
  commands: readonly PushCommand[],
  weakening: ReadonlyMap<string, readonly string[]>,
): readonly RefDecision[] {
  return allOrNothing(
    commands.map((command) => {
      const lines = weakening.get(command.ref) ?? ['what could not be looked through'];
      if (lines.length === 0) return [command, undefined];
      return [command, `${WEAKENED}: ${lines.join('; ')}. ${WORD_WANTED}`.replace(/\s+/g, ' ')];
    }),
  );
}

/** Whether any ref of the push is refused, and so all are. */
export function isRefused(decisions: readonly RefDecision[]): boolean {
  return decisions.some(({ refusal }) => refusal !== undefined);
}

function refusalOf({ ref, newId }: PushCommand, sessionId: string): string | undefined {
  const own = sessionBranch(sessionId);
  const branch = branchOf(ref);
  if (/^0+$/.test(newId)) return 'no branch or tag is deleted from here';
  if (ref.startsWith('refs/tags/')) return 'tags are not pushed from here';
  if (branch === undefined) return `only branches are pushed from here, and of those ${own}`;
  if (!isSessionBranch(sessionId, branch)) {
    return `this session may push only its own branches: ${own}, or ${own}-<name>`;
  }
  if (!PLAIN_NAME.test(branch) || branch.includes('..')) {
    return 'the name of the branch may hold letters, digits, dots, hyphens and underscores only';
  }
  return undefined;
}

function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}

function allOrNothing(
  judged: readonly (readonly [PushCommand, string | undefined])[],
): readonly RefDecision[] {
  const isAnyRefused = judged.some(([, refusal]) => refusal !== undefined);
  return judged.map(([{ ref }, refusal]) => ({
    ref,
    refusal: isAnyRefused ? (refusal ?? OTHERS_REFUSED) : undefined,
  }));
}
