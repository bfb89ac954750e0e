import { isFault, RULE_PATHSPECS, ruleFileOf } from '@swe/domain';
import type { Processes, RuleFile } from '@swe/domain';

/** Of one file that is read, in bytes. */
export const MAX_FILE_BYTES = 24_576;
/** In a working copy. */
const MAX_RULE_FILES = 500;
const LIST_PREVIEW_BYTES = 262_144;
/** What git says of a file before its content. */
const HEADER_BYTES = 256;
const LIST_TIMEOUT_MS = 20_000;
/** A clone without its blobs fetches them. */
const READ_TIMEOUT_MS = 60_000;

/** Only the output counts, and nothing that the repository names runs. */
const GIT = `exec 2>/dev/null
git() { command git --no-replace-objects -c core.hooksPath=/dev/null -c core.fsmonitor=false "$@"; }
`;

/**
 * Arguments: a clone URL and its base branch, as often as there are, \`--\`, pathspecs. Prints the base branch's commit,
 * then the files in it. Against the empty tree, since \`ls-tree\` knows no globs; no blob is needed for it.
 */
const LIST_SCRIPT = `${GIT}
origin=$(git config --get remote.origin.url)
base=
while [ "$1" != -- ]; do
  if [ "\${1%.git}" = "\${origin%.git}" ]; then base=$2; fi
  shift 2
done
shift
commit=$(git rev-parse --verify --quiet "refs/remotes/origin/$base^{commit}") || exit 1
printf '%s\\0' "$commit"
git diff-tree -r -z --raw --no-renames "$(git hash-object -t tree /dev/null)" "$commit" -- "$@"
`;

/** Arguments: a commit, a number of bytes, paths. Prints that much of each, links followed inside of the commit. */
const READ_SCRIPT = `${GIT}
commit=$1 limit=$2
shift 2
for path in "$@"; do
  printf '%s:%s\\n' "$commit" "$path" | git cat-file --batch --follow-symlinks | head -c "$limit" | tr -d '\\000'
  printf '\\0'
done
`;

/** https://git-scm.com/docs/git-diff-tree#_raw_output_format, the path in the part behind */
const ADDED = /^:000000 (?:100644|100755|120000) 0+ ([0-9a-f]{40,64}) A$/;
/** https://git-scm.com/docs/git-cat-file#_batch_output */
const HEADER = /^([0-9a-f]{40,64}) blob (\d+)\n/;

export interface ListedRuleFile extends RuleFile {
  /** Git's hash of its content, or of the link that it is. */
  readonly blob: string;
}

export interface FileContent {
  readonly blob: string;
  readonly text: string;
  /** The file goes on. */
  readonly isCut: boolean;
}

/** What a working copy's base branch says, as it was when it was opened. Paths are relative to the repository. */
export interface BaseBranch {
  readonly commit: string;
  /** In the order of their paths. */
  readonly ruleFiles: readonly ListedRuleFile[];
  /** By path; what can't be had is absent. One process, however many there are. Undefined where that failed. */
  read(paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, FileContent> | undefined>;
}

/** The branch that work in a clone of `cloneUrl` starts from. */
export interface KnownBase {
  readonly cloneUrl: string;
  readonly branch: string;
}

/**
 * The base branch of the working copy in `directory`, by its origin. Undefined where that is none of the known, or git
 * can't be asked.
 */
export async function openBaseBranch(
  processes: Pick<Processes, 'run'>,
  directory: string,
  known: readonly KnownBase[],
  signal: AbortSignal,
): Promise<BaseBranch | undefined> {
  const bases = known.flatMap(({ cloneUrl, branch }) => [cloneUrl, branch]);
  const listed = await printed(LIST_SCRIPT, [...bases, '--', ...RULE_PATHSPECS], {
    timeoutMs: LIST_TIMEOUT_MS,
    previewBytes: LIST_PREVIEW_BYTES,
  });
  const [commit = '', ...records] = listed.split('\0');
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  return {
    commit,
    ruleFiles: ruleFilesIn(records),
    async read(paths, until) {
      // Git reads one path from each line.
      const readable = paths.filter((path) => !path.includes('\n'));
      if (readable.length === 0) return new Map();
      const limit = MAX_FILE_BYTES + HEADER_BYTES;
      const output = await printed(
        READ_SCRIPT,
        [commit, String(limit), ...readable],
        // Twice as much as there can be: of what is longer, only the half would be at the head.
        { timeoutMs: READ_TIMEOUT_MS, previewBytes: 2 * readable.length * (limit + 1) },
        until,
      );
      const parts = output.split('\0');
      if (parts.length <= readable.length) return undefined;
      return new Map(readable.flatMap((path, i) => contentOf(path, parts[i] ?? '')));
    },
  };

  async function printed(
    script: string,
    args: readonly string[],
    limits: { readonly timeoutMs: number; readonly previewBytes: number },
    until = signal,
  ): Promise<string> {
    const argv = ['bash', '-c', script, 'rules', ...args] as const;
    try {
      const { output } = await processes.run({ command: { argv }, cwd: directory, ...limits }, until);
      return output.head;
    } catch (error) {
      if (!isFault(error)) throw error;
      return '';
    }
  }
}

function ruleFilesIn(records: readonly string[]): readonly ListedRuleFile[] {
  const files: ListedRuleFile[] = [];
  for (let i = 0; i + 1 < records.length && files.length < MAX_RULE_FILES; i += 2) {
    const [, blob] = ADDED.exec(records[i] ?? '') ?? [];
    const file = ruleFileOf(records[i + 1] ?? '');
    if (blob !== undefined && file !== undefined) files.push({ ...file, blob });
  }
  return files;
}

function contentOf(path: string, part: string): readonly (readonly [string, FileContent])[] {
  const [header, blob = '', size = '0'] = HEADER.exec(part) ?? [];
  if (header === undefined) return [];
  const isCut = Number(size) > MAX_FILE_BYTES;
  const whole = new TextEncoder().encode(part.slice(header.length));
  const text = new TextDecoder().decode(whole.subarray(0, Math.min(MAX_FILE_BYTES, Number(size))));
  return [[path, { blob, text: isCut ? text.replace(/\uFFFD$/, '') : text, isCut }]];
}
