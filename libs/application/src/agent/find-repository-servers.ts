import {
  isFault,
  MAX_REPOSITORY_SERVERS_BYTES,
  readRepositoryServers,
  REPOSITORY_SERVERS_FILE,
} from '@swe/domain';
import type { Processes, RepoHost, RepositoryServers, Session, Workspace } from '@swe/domain';

export interface FoundServers extends RepositoryServers {
  readonly repository: string;
}

export interface FindPorts {
  readonly processes: Pick<Processes, 'run'>;
  readonly workspace: Pick<Workspace, 'root'>;
  readonly repoHost: Pick<RepoHost, 'repository' | 'isOnBranch'>;
}

const MAX_REPOSITORIES = 10;
const TIMEOUT_MS = 20_000;
const COMMIT_BYTES = 100;

/**
 * Arguments: a clone URL, its base branch, a path. Prints the commit that the working copy knows of that branch, then
 * the file in it. Nothing that the repository names runs.
 */
const READ_SCRIPT = `exec 2>/dev/null
for folder in */; do
  git() { command git -C "$folder" --no-replace-objects -c core.hooksPath=/dev/null -c core.fsmonitor=false "$@"; }
  origin=$(git config --get remote.origin.url) || continue
  [ "\${origin%.git}" = "\${1%.git}" ] || continue
  commit=$(git rev-parse --verify --quiet "refs/remotes/origin/$2^{commit}") || continue
  printf '%s\\n' "$commit"
  git cat-file blob "$commit:$3"
  exit 0
done`;

/**
 * The tool servers that the session's repositories name on their base branches, as far as they are cloned. Its host has
 * to know the commit as one of that branch: what the session itself commits counts only once it is merged.
 */
export async function findRepositoryServers(
  ports: FindPorts,
  { repositories, baseBranches = {} }: Pick<Session, 'repositories' | 'baseBranches'>,
  signal: AbortSignal,
): Promise<readonly FoundServers[]> {
  const found: FoundServers[] = [];
  for (const url of repositories.slice(0, MAX_REPOSITORIES)) {
    if (signal.aborted) break;
    try {
      const { cloneUrl, defaultBranch } = await ports.repoHost.repository(url);
      const base = baseBranches[url] ?? defaultBranch;
      const file = await read(ports, cloneUrl, base, signal);
      if (file === undefined || !(await ports.repoHost.isOnBranch(url, base, file.commit))) continue;
      found.push({ ...readRepositoryServers(file.text), repository: url });
    } catch (error) {
      // The next turn asks again.
      if (!isFault(error)) throw error;
    }
  }
  return found;
}

async function read(
  { processes, workspace }: FindPorts,
  cloneUrl: string,
  base: string,
  signal: AbortSignal,
): Promise<{ readonly commit: string; readonly text: string } | undefined> {
  const argv = ['bash', '-c', READ_SCRIPT, 'servers', cloneUrl, base, REPOSITORY_SERVERS_FILE] as const;
  // Twice as much as there may be: of what is longer, only the half would be at the head.
  const previewBytes = 2 * (MAX_REPOSITORY_SERVERS_BYTES + COMMIT_BYTES);
  const spec = { command: { argv }, cwd: workspace.root, timeoutMs: TIMEOUT_MS, previewBytes };
  const { exitCode, output } = await processes.run(spec, signal);
  const [, commit, text] = /^([0-9a-f]{40,64})\n([^]+)$/.exec(output.head) ?? [];
  const isWhole = exitCode === 0 && output.omittedBytes === 0;
  return isWhole && commit !== undefined && text !== undefined ? { commit, text } : undefined;
}
