import { isFault, sessionBranch } from '@swe/domain';
import type { Processes, Session, UnpushedWork } from '@swe/domain';
import type { Checkpoint } from './checkpoint-policy';
import type { WorkRecord } from './work-record';

/** In a workspace; what is behind is not looked at. */
const MAX_COPIES = 20;
/** What it costs grows with what is in the working copy. */
const TIMEOUT_MS = 20_000;

/**
 * Arguments: the session's branch, commits that are known to be pushed. Prints the branch that is checked out, the commits
 * ahead of every branch outside but its own, those that no branch outside has, and the changes. Commits are its own, by
 * who committed them: others' may lie there without a branch, as those of a fork's pull request do. Tags show nothing,
 * since they may be its own as well. Nothing where the session's branch never was: what a command cloned, and submodules,
 * are looked at and not worked in.
 */
const SCRIPT = `exec 2>/dev/null
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1 LC_ALL=C
git() { command git --no-replace-objects -c core.hooksPath=/dev/null -c core.fsmonitor=false "$@"; }
if ! git rev-parse --verify --quiet "refs/heads/$1" >/dev/null; then
  git reflog --format=%gs HEAD | grep -qF " to $1" || exit 0
fi
shift
own=()
if [ -n "$GIT_COMMITTER_EMAIL" ]; then own=(--fixed-strings "--committer=<$GIT_COMMITTER_EMAIL>"); fi
pushed=()
for commit in "$@"; do
  if git cat-file -e "$commit^{commit}"; then pushed+=("^$commit"); fi
done
branch=$(git symbolic-ref --quiet --short HEAD)
printf 'branch: %s\\n' "$branch"
printf 'ahead: %s\\n' "$(git rev-list --count "\${own[@]}" HEAD --not --exclude="*/$branch" --remotes)"
printf 'commits: %s\\n' "$(git rev-list --count "\${own[@]}" HEAD --branches "\${pushed[@]}" --not --remotes)"
printf 'files: %s\\n' "$(git status --porcelain --no-renames --untracked-files=normal | wc -l)"
`;

/** What of a session's run says where its work may be. */
export interface UnpushedRun {
  readonly session: Pick<Session, 'id' | 'issue' | 'pullRequests'>;
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
    const own = sessionBranch(session.id, session.issue?.number);
    const found: UnpushedWork[] = [];
    for (const directory of [...directories].slice(0, MAX_COPIES)) {
      const work = await look(directory, [own, ...record.pushedCommits], signal);
      if (work === undefined) continue;
      const { branch, isAhead, commits, files } = work;
      const isRequested = session.pullRequests.some(({ headBranch }) => headBranch === branch);
      const lacksPullRequest = isAhead && !isRequested && branch === own;
      if (commits + files === 0 && !lacksPullRequest) continue;
      found.push({ directory, commits, files, ...(lacksPullRequest && { lacksPullRequest }) });
    }
    return found;
  };

  async function look(directory: string, args: readonly string[], signal: AbortSignal) {
    const argv = ['bash', '-c', SCRIPT, 'unpushed', ...args] as const;
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
