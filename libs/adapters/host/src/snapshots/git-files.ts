import { createHash } from 'node:crypto';
import type { LeftOut } from '@swe/domain';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readable } from '../git';
import type { Shadow } from './shadow';
import { readSteadily } from './steady-read';
import type { ReadLimits } from './steady-read';
import { storeBlobs } from './store-blobs';

/** The files of a git directory that make up a working copy's state, by their path in it. */
export interface GitFiles {
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly leftOut: readonly LeftOut[];
}

export interface GitFileOptions extends ReadLimits {
  readonly holdsCredential: (path: string, content: Uint8Array) => boolean | Promise<boolean>;
}

/** https://git-scm.com/docs/gitrepository-layout, and the files that git's commands leave while they are stopped. */
const KEPT = [
  /^(HEAD|index|packed-refs|shallow|AUTO_MERGE|SQUASH_MSG|COMMIT_EDITMSG)$/,
  /^sharedindex\.[0-9a-f]+$/,
  /^(?!FETCH_)[A-Z]+(_[A-Z]+)*_HEAD$/,
  /^(MERGE|BISECT)_[A-Z_]+$/,
  /^info\/(exclude|attributes|sparse-checkout|grafts)$/,
  /^(refs|logs|rebase-merge|rebase-apply|sequencer|rr-cache|NOTES_MERGE_WORKTREE)\/./,
];
const SEARCHED = /^(info|refs|logs|rebase-merge|rebase-apply|sequencer|rr-cache|NOTES_MERGE_WORKTREE)(\/|$)/;
/** Made again when needed, kept in another way, or nobody's state. */
const NOT_MISSED =
  /^(objects|config|modules|branches|description|FETCH_HEAD|gc\.(log|pid)|hooks\/[^/]+\.sample|info\/(refs|packs)|refs|logs)$|\.lock$/;

/** Whether a path in a git directory may be in a snapshot: checked when it is taken, and again before it is restored. */
export function isGitFile(path: string): boolean {
  return !path.endsWith('.lock') && !path.split('/').includes('..') && KEPT.some((kept) => kept.test(path));
}

export async function readGitFiles(gitDirectory: string, options: GitFileOptions): Promise<GitFiles> {
  const contents = new Map<string, Buffer>();
  const leftOut: LeftOut[] = [];
  for await (const path of pathsIn(gitDirectory, '')) {
    const name = `.git/${readable(path)}`;
    if (!isGitFile(path)) {
      if (!NOT_MISSED.test(path)) leftOut.push({ path: name, why: 'unsupported' });
      continue;
    }
    const reading = await readSteadily(`${Buffer.from(gitDirectory).toString('latin1')}/${path}`, options);
    if (reading.kind === 'gone') continue;
    if (reading.kind !== 'file') {
      leftOut.push({ path: name, why: reading.kind === 'too-large' ? 'too-large' : 'unsupported' });
    } else if (await options.holdsCredential(name, reading.content)) {
      leftOut.push({ path: name, why: 'credential' });
    } else {
      contents.set(path, reading.content);
    }
  }
  return { contents, leftOut };
}

/** Those that are not in both with the same bytes. The index may differ in what git remembers of the files' stats. */
export function changedGitFiles(before: GitFiles, after: GitFiles): string[] {
  return [...new Set([...before.contents.keys(), ...after.contents.keys()])].filter((path) => {
    const [was, is] = [before.contents.get(path), after.contents.get(path)];
    return was === undefined || is === undefined || !was.equals(is);
  });
}

/** The same for the same files, whatever the index's bytes: git rewrites it when it only looked at files. */
export function hashOfGitFiles({ contents }: GitFiles): string {
  const hash = createHash('sha256');
  for (const [path, content] of [...contents].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (/^(index|sharedindex\..*)$/.test(path)) continue;
    hash.update(`${path}\0${createHash('sha256').update(content).digest('hex')}\0`, 'latin1');
  }
  return hash.digest('hex');
}

/** Stores them as a tree of the shadow and returns its name. */
export async function storeGitFiles(shadow: Shadow, files: GitFiles, signal: AbortSignal): Promise<string> {
  const oids = await storeBlobs(shadow, files.contents.values(), signal);
  const input = [...files.contents.keys()].map((path, i) => `100644 ${oids[i]}\t${path}\0`).join('');
  const call = { signal, index: 'git-files' as const };
  await shadow.run(['read-tree', '--empty'], call);
  await shadow.run(['update-index', '-z', '--add', '--index-info'], { ...call, input });
  return shadow.word(['write-tree'], call);
}

/** Everything in the files that may be an object's name. */
export function objectNamesIn({ contents }: GitFiles): Set<string> {
  const names = new Set<string>();
  for (const [path, content] of contents) {
    if (/^(index|sharedindex\..*)$/.test(path)) continue;
    for (const [name] of content.toString('latin1').matchAll(/\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g))
      names.add(name);
  }
  return names;
}

/** Refs by name, `HEAD` among them where it leads to a commit. */
export function refsIn({ contents }: GitFiles): Map<string, string> {
  const refs = new Map<string, string>();
  for (const line of textOf(contents.get('packed-refs')).split('\n')) {
    const [, oid, name] = /^([0-9a-f]{40,64}) (\S+)$/.exec(line) ?? [];
    if (oid !== undefined && name !== undefined) refs.set(name, oid);
  }
  for (const [path, content] of contents) {
    const oid = /^[0-9a-f]{40,64}/.exec(textOf(content))?.[0];
    if (oid !== undefined && (path === 'HEAD' || path.startsWith('refs/'))) refs.set(path, oid);
  }
  const branch = branchIn(contents);
  const head = branch === undefined ? undefined : refs.get(branch);
  if (head !== undefined) refs.set('HEAD', head);
  return refs;
}

/** The ref that HEAD stands for; undefined when it is detached. */
export function branchIn(contents: GitFiles['contents']): string | undefined {
  return /^ref: (\S+)/.exec(textOf(contents.get('HEAD')))?.[1];
}

function textOf(content: Buffer | undefined): string {
  return content?.toString('latin1') ?? '';
}

/** What is in a git directory, folders that are not searched by their own name. Links are not followed. */
async function* pathsIn(gitDirectory: string, folder: string): AsyncGenerator<string> {
  const path = Buffer.concat([Buffer.from(join(gitDirectory, '/')), Buffer.from(folder, 'latin1')]);
  const entries = await readdir(path, { withFileTypes: true, encoding: 'latin1' as 'utf8' }).catch(() => []);
  for (const entry of entries) {
    const inside = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const isSearched = SEARCHED.test(inside) || inside === 'hooks';
    if (entry.isDirectory() && isSearched) yield* pathsIn(gitDirectory, inside);
    else yield inside;
  }
}
