import { isFault } from '@swe/domain';
import type { Processes, RanCommand } from '@swe/domain';

/** What it costs grows with what is in the working copy and not in its index. */
const TIMEOUT_MS = 20_000;

/**
 * Prints the working copy around the working directory, and the tree of its content: what `git add --all` would give,
 * without the repository noticing. The index is a copy that keeps its time, by which git tells files that changed right
 * after it was written; new objects go to a folder that is gone afterwards. Nothing that the repository names runs: no
 * hook, no monitor, and no filter, so that what a filter would store (LFS) has another tree here once it is changed.
 */
const SCRIPT = `set -eu
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1 LC_ALL=C
top=$(git rev-parse --show-toplevel)
printf 'working copy: %s\\n' "$top"
cd -- "$top"
index=$(git rev-parse --git-path index)
objects=$(cd -- "$(git rev-parse --git-path objects)" && pwd)
off=(-c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.safecrlf=false)
while IFS= read -r name; do
  off+=(-c "filter.$name.clean=" -c "filter.$name.process=" -c "filter.$name.required=false")
done < <(git config --name-only --get-regexp '^filter\\.' | sed 's/^filter\\.\\(.*\\)\\.[^.]*$/\\1/' | sort -u)
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
mkdir -- "$scratch/objects"
if [ -f "$index" ]; then cp -p -- "$index" "$scratch/index"; fi
export GIT_INDEX_FILE="$scratch/index" GIT_OBJECT_DIRECTORY="$scratch/objects" GIT_ALTERNATE_OBJECT_DIRECTORIES="$objects"
git "\${off[@]}" add --all 2>/dev/null
printf 'tree: %s\\n' "$(git "\${off[@]}" write-tree --missing-ok)"
`;

/** Where a command's checks ran, and on what. Empty where that is no working copy, or can't be told in time. */
export async function measureTree(
  processes: Pick<Processes, 'run'>,
  cwd: string,
  signal: AbortSignal,
): Promise<Pick<RanCommand, 'workingCopy' | 'tree'>> {
  const spec = { command: { script: SCRIPT }, cwd, timeoutMs: TIMEOUT_MS, previewBytes: 8_192 };
  try {
    const { output } = await processes.run(spec, signal);
    const [, workingCopy] = /^working copy: (.+)$/m.exec(output.head) ?? [];
    const [, tree] = /^tree: ([0-9a-f]{40,64})$/m.exec(output.head) ?? [];
    return { ...(workingCopy !== undefined && { workingCopy }), ...(tree !== undefined && { tree }) };
  } catch (error) {
    if (!isFault(error)) throw error;
    return {};
  }
}
