import { z } from 'zod';
import { codeSpan } from '../conversation/code-span';

/** What of a working copy is on no branch outside, or is there without a pull request, at the end of a turn. */
export const unpushedWork = z.object({
  /** Relative to the workspace. */
  directory: z.string(),
  /** That no remote has. */
  commits: z.int().nonnegative(),
  /** Changed, or new and not ignored, and in no commit; a new folder counts as one. */
  files: z.int().nonnegative(),
  /** The session's branch was pushed, and no pull request of the session's is for it. */
  lacksPullRequest: z.literal(true).exactOptional(),
});
export type UnpushedWork = z.infer<typeof unpushedWork>;

const MAX_LINES = 5;
const MAX_NAME = 120;

/**
 * What an answer may have claimed otherwise, as Markdown to be read before it. It depends on no word of the answer: in
 * whichever language a push is claimed, this says what is there.
 */
export function unpushedWords(works: readonly UnpushedWork[]): string {
  const lines = works.slice(0, MAX_LINES).map((work) => `**${lineOf(work)}**`);
  const more = works.length > MAX_LINES ? [`and in ${works.length - MAX_LINES} more working copies`] : [];
  return [...lines, ...more, '*Written by the harness, not by the agent.*'].join('\n');
}

function lineOf({ directory, commits, files }: UnpushedWork): string {
  const parts = [
    ...(commits > 0 ? [counted(commits, 'commit')] : []),
    ...(files > 0 ? [counted(files, 'changed file')] : []),
  ];
  const where = codeSpan(directory, MAX_NAME);
  if (parts.length === 0) return `Pushed without a pull request: the branch of ${where}.`;
  return `Not pushed: ${parts.join(' and ')} in ${where}.`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
