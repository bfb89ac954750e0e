import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A ref that a push moved. A side that does not exist is all zeros. */
export interface GitRefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** The words are GitHub's: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/troubleshooting-rules */
const UPDATE = `#!/bin/sh
if printf '%s\\n' "$LOOPBACK_PROTECTED" | grep -qxF "$1"; then
  echo "error: GH006: Protected branch update failed for $1." >&2
  echo "error: Changes must be made through a pull request." >&2
  exit 1
fi
if [ -n "$LOOPBACK_NO_WORKFLOWS" ]; then
  file=$(git log --name-only --format= "$3" --not --all -- .github/workflows | head -n 1)
  if [ -n "$file" ]; then
    echo "error: $LOOPBACK_NO_WORKFLOWS" | sed "s|{path}|$file|" >&2
    exit 1
  fi
fi
`;

const POST_RECEIVE = `#!/bin/sh
cat > "$LOOPBACK_PUSHED"
`;

/** Hooks (https://git-scm.com/docs/githooks) that refuse what GitHub refuses of a push, and say which refs moved. */
export function writeGitHooks(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'update'), UPDATE, { mode: 0o755 });
  writeFileSync(join(folder, 'post-receive'), POST_RECEIVE, { mode: 0o755 });
}

/** What `post-receive` is told: one line per ref. */
export function readRefChanges(lines: string): readonly GitRefChange[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [before = '', after = '', ref = ''] = line.split(' ');
      return { before, after, ref };
    });
}
