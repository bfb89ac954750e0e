import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GitCommit, GitFileChange, GitNewCommit, GitPerson, GitTreeEntry } from './git-objects';

const SETTINGS = ['GIT_CONFIG_NOSYSTEM=1', 'GIT_CONFIG_GLOBAL=/dev/null', 'LC_ALL=C'];
const MOST_BYTES = 256 << 20;
const ZEROS = '0'.repeat(40);
const HASH = /^[0-9a-f]{40}$/;

/** A bare repository, read and written with git itself. */
export class BareRepository {
  #path: string;
  /** Those of commits stay what they are. */
  readonly #mergeBases = new Map<string, string>();
  readonly #diffs = new Map<string, readonly GitFileChange[]>();
  readonly #commits = new Map<string, GitCommit>();

  constructor(path: string) {
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  moveTo(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    renameSync(this.#path, path);
    this.#path = path;
  }

  /** The commit that a branch, tag, hash or expression names. */
  resolve(revision: string): string | undefined {
    if (revision.startsWith('-')) return undefined;
    return this.#try('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  }

  branch(name: string): string | undefined {
    return this.resolve(`refs/heads/${name}`);
  }

  /** Names without their prefix `refs/`, and what they point at. */
  refs(prefix: string): readonly { readonly ref: string; readonly sha: string }[] {
    const lines = this.#run(
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      ...(prefix === '' ? [] : [prefix]),
    );
    return lines.split('\n').flatMap((line) => {
      const [sha, ref] = line.split(' ');
      return sha === undefined || ref === undefined ? [] : { ref, sha };
    });
  }

  commitOf(sha: string): GitCommit {
    return kept(this.#commits, [sha], () => this.#commitOf(sha));
  }

  /** Hashes, newest first. */
  log(range: string, path?: string): readonly string[] {
    return lines(this.#run('rev-list', range, '--', ...(path === undefined ? [] : [path])));
  }

  mergeBase(a: string, b: string): string | undefined {
    return kept(this.#mergeBases, [a, b], () => this.#try('merge-base', a, b));
  }

  diff(before: string, after: string): readonly GitFileChange[] {
    return kept(this.#diffs, [before, after], () => this.#changes(before, after));
  }

  /** As text, as `Accept: application/vnd.github.diff` asks for it. */
  diffText(before: string, after: string): string {
    return this.#raw('diff', '-M', before, after);
  }

  tree(sha: string, isRecursive: boolean): readonly GitTreeEntry[] | undefined {
    const flags = ['ls-tree', '-z', '-l', ...(isRecursive ? ['-r', '-t'] : [])];
    const listed = this.#try(...flags, sha);
    return listed?.split('\0').flatMap((line) => {
      const [, mode, type, entry, size, path] = /^(\d+) (\w+) (\w+)\s+(\d+|-)\t(.*)$/s.exec(line) ?? [];
      if (mode === undefined || entry === undefined || path === undefined) return [];
      return {
        path,
        mode,
        type: type as GitTreeEntry['type'],
        sha: entry,
        size: size === '-' ? undefined : Number(size),
      };
    });
  }

  treeOf(revision: string): string | undefined {
    return this.#try('rev-parse', '--verify', '--quiet', `${revision}^{tree}`);
  }

  blob(sha: string): Buffer {
    return execFileSync('env', [...SETTINGS, 'git', 'cat-file', 'blob', sha], this.#options());
  }

  /** The tree that merging two commits gives; undefined where they conflict. Needs git 2.38. */
  mergeTree(base: string, head: string): string | undefined {
    return this.#try('merge-tree', '--write-tree', base, head);
  }

  /** A commit object that no ref names yet. */
  writeCommit(
    tree: string,
    parents: readonly string[],
    message: string,
    author: GitPerson,
    atMs: number,
  ): string {
    const settings = [...SETTINGS, ...identity(author, atMs)];
    const from = parents.flatMap((parent) => ['-p', parent]);
    const options = { ...this.#options(), input: message };
    return execFileSync('env', [...settings, 'git', 'commit-tree', tree, ...from], options)
      .toString()
      .trim();
  }

  /** Adds a commit to a branch, past every protection, and gives its hash. */
  commit({ branch, files, message, author, atMs, from }: GitNewCommit): string {
    const parent = this.branch(branch) ?? from;
    const chunks = [
      `commit refs/heads/${branch}\n`,
      `committer ${author.name} <${author.email}> ${Math.floor(atMs / 1_000)} +0000\n`,
      data(message),
      ...(parent === undefined ? [] : [`from ${parent}\n`]),
      ...Object.entries(files).map(([path, text]) =>
        text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
      ),
    ];
    const options = { ...this.#options(), input: `${chunks.join('')}\ndone\n` };
    execFileSync('env', [...SETTINGS, 'git', 'fast-import', '--quiet', '--force', '--done'], options);
    const sha = this.branch(branch);
    if (sha === undefined) throw new Error(`git made no commit on ${branch}`);
    return sha;
  }

  setRef(ref: string, sha: string): void {
    this.#run('update-ref', ref, sha);
  }

  deleteRef(ref: string): void {
    this.#run('update-ref', '-d', ref);
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    return this.#try('merge-base', '--is-ancestor', ancestor, descendant) !== undefined;
  }

  /** Takes a commit over from another repository, under a ref of its own. */
  take(from: BareRepository, sha: string, ref: string): void {
    if (from.path !== this.path && this.resolve(sha) === undefined) {
      this.#run(
        '-c',
        'protocol.file.allow=always',
        'fetch',
        '--quiet',
        '--no-write-fetch-head',
        from.path,
        sha,
      );
    }
    this.setRef(ref, sha);
  }

  copyBranchesOf(from: BareRepository): void {
    this.#run(
      'fetch',
      '--quiet',
      '--no-write-fetch-head',
      from.path,
      '+refs/heads/*:refs/heads/*',
      '+refs/tags/*:refs/tags/*',
    );
  }

  #commitOf(sha: string): GitCommit {
    const format = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x00');
    const fields = this.#run('show', '--no-patch', `--format=${format}`, sha).split('\0');
    const [
      hash = '',
      tree = '',
      parents = '',
      an = '',
      ae = '',
      ad = '',
      cn = '',
      ce = '',
      cd = '',
      message = '',
    ] = fields;
    return {
      sha: hash,
      tree,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      message: message.trimEnd(),
      author: { name: an, email: ae, date: zulu(ad) },
      committer: { name: cn, email: ce, date: zulu(cd) },
    };
  }

  #changes(before: string, after: string): readonly GitFileChange[] {
    const found = this.#run('diff', '--raw', '-z', '-M', '--no-abbrev', before, after).split('\0');
    const changes: GitFileChange[] = [];
    for (let at = 0; at < found.length - 1;) {
      const [, , blobBefore = '', blobAfter = '', kind = ''] = (found[at] ?? '').split(' ');
      const isMove = kind.startsWith('R');
      const previousPath = isMove ? found[at + 1] : undefined;
      const path = found[isMove ? at + 2 : at + 1] ?? '';
      at += isMove ? 3 : 2;
      changes.push({
        path,
        previousPath,
        status: isMove ? 'renamed' : (STATUSES[kind] ?? 'modified'),
        blob: blobAfter === ZEROS ? blobBefore : blobAfter,
        ...this.#patch(before, after, previousPath === undefined ? [path] : [previousPath, path]),
      });
    }
    return changes;
  }

  #patch(
    before: string,
    after: string,
    paths: readonly string[],
  ): Pick<GitFileChange, 'additions' | 'deletions' | 'patch'> {
    const [added = '0', removed = '0'] = this.#run(
      'diff',
      '--numstat',
      '-M',
      before,
      after,
      '--',
      ...paths,
    ).split('\t');
    if (added === '-') return { additions: 0, deletions: 0, patch: undefined };
    const text = this.#raw('diff', '-M', before, after, '--', ...paths);
    const start = text.indexOf('\n@@ ');
    return {
      additions: Number(added),
      deletions: Number(removed),
      patch: start < 0 ? undefined : text.slice(start + 1).trimEnd(),
    };
  }

  #run(...args: readonly string[]): string {
    return this.#raw(...args).trim();
  }

  #raw(...args: readonly string[]): string {
    return execFileSync('env', [...SETTINGS, 'git', ...args], this.#options()).toString();
  }

  /** Undefined where git says no. */
  #try(...args: readonly string[]): string | undefined {
    const { status, stdout } = spawnSync('env', [...SETTINGS, 'git', ...args], this.#options());
    return status === 0 ? stdout.toString().trim() : undefined;
  }

  #options() {
    return {
      cwd: this.#path,
      maxBuffer: MOST_BYTES,
      stdio: ['pipe', 'pipe', 'pipe'] as ('pipe' | 'ignore')[],
    };
  }
}

const STATUSES: Readonly<Record<string, GitFileChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
};

function identity({ name, email }: GitPerson, atMs: number): readonly string[] {
  const date = `${Math.floor(atMs / 1_000)} +0000`;
  return ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    `GIT_${role}_NAME=${name}`,
    `GIT_${role}_EMAIL=${email}`,
    `GIT_${role}_DATE=${date}`,
  ]);
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function zulu(date: string): string {
  return new Date(date).toISOString().replace('.000Z', 'Z');
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** What was found once of commits that are named by their hashes. */
function kept<T>(all: Map<string, NonNullable<T>>, commits: readonly string[], ask: () => T): T {
  if (!commits.every((commit) => HASH.test(commit))) return ask();
  const key = commits.join(' ');
  const known = all.get(key);
  if (known !== undefined) return known;
  const found = ask();
  if (found !== undefined && found !== null) all.set(key, found);
  return found;
}
