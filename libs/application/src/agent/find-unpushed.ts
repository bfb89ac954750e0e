import { isFault, isSessionBranch } from '@swe/domain';
import type { Processes, Session, UnpushedWork } from '@swe/domain';
import type { Checkpoint } from './checkpoint-policy';
import type { WorkRecord } from './work-record';

/** In a workspace; what is behind is not looked at. */
const MAX_COPIES = 20;
/** What it costs grows with what is in the working copy. */
const TIMEOUT_MS = 20_000;

/**
 * Arguments: commits that are known to be pushed. Prints the branch, the commits ahead of every branch outside but its
 * own, those that no branch outside has, and the changes. Nothing where there is no remote: that is nobody's work.
 */
const SCRIPT = `exec 2>/dev/null
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1 LC_ALL=C
git() { command git --no-replace-objects -c core.hooksPath=/dev/null -c core.fsmonitor=false "$@"; }
git config --get remote.origin.url >/dev/null || exit 0
pushed=()
for commit in "$@"; do
  if git cat-file -e "$commit^{commit}"; then pushed+=("^$commit"); fi
done
branch=$(git symbolic-ref --quiet --short HEAD)
printf 'branch: %s\\n' "$branch"
printf 'ahead: %s\\n' "$(git rev-list --count HEAD --not --exclude="*/$branch" --remotes)"
printf 'commits: %s\\n' "$(git rev-list --count HEAD --branches "\${pushed[@]}" --not --remotes)"
printf 'files: %s\\n' "$(git status --porcelain --no-renames --untracked-files=normal | wc -l)"
`;

/** What of a session's run says where its work may be. */
export interface UnpushedRun {
  readonly session: Pick<Session, 'id' | 'pullRequests'>;
  readonly checkpoints: readonly Pick<Checkpoint, 'workingCopies' | 'notSaved'>[];
  readonly record: Pick<WorkRecord, 'pushedCommits'>;
}

/** The work in a session's workspace that is on no branch outside. Never fails for what git says. */
export type UnpushedFinder = (run: UnpushedRun, signal: AbortSignal) => Promise<readonly UnpushedWork[]>;

/**
 * Looks into the working copies of the last checkpoint, by what the session's tools pushed and what git keeps of the
 * remotes' branches since it last spoke to them.
 */
export function unpushedFinder(processes: Pick<Processes, 'run'>): UnpushedFinder {
  return async ({ session, checkpoints, record }, signal) => {
    const { workingCopies = [], notSaved = [] } = checkpoints.at(-1) ?? {};
    const directories = new Set([...workingCopies, ...notSaved].map(({ directory }) => directory));
    const found: UnpushedWork[] = [];
    for (const directory of [...directories].slice(0, MAX_COPIES)) {
      const work = await look(directory, record.pushedCommits, signal);
      if (work === undefined) continue;
      const { branch, isAhead, commits, files } = work;
      const isRequested = session.pullRequests.some(({ headBranch }) => headBranch === branch);
      const lacksPullRequest = isAhead && !isRequested && isSessionBranch(session.id, branch);
      if (commits + files === 0 && !lacksPullRequest) continue;
      found.push({ directory, commits, files, ...(lacksPullRequest && { lacksPullRequest }) });
    }
    return found;
  };

  async function look(directory: string, pushed: readonly string[], signal: AbortSignal) {
    const argv = ['bash', '-c', SCRIPT, 'unpushed', ...pushed] as const;
    const limits = { timeoutMs: TIMEOUT_MS, previewBytes: 8_192 };
    try {
      const { output } = await processes.run({ command: { argv }, cwd: directory, ...limits }, signal);
      const [, branch = '', ahead, commits, files] =
        /^branch: (.*)\nahead: (\d+)\ncommits: (\d+)\nfiles: +?(\d+)$/m.exec(output.head) ?? [];
      if (files === undefined) return undefined;
      return { branch, isAhead: Number(ahead) > 0, commits: Number(commits), files: Number(files) };
    } catch (error) {
      if (!isFault(error)) throw error;
      return undefined;
    }
  }
}
