import { Fault } from '@swe/domain';
import type { WorkingCopy } from '@swe/domain';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Where a working copy is: both paths absolute, links resolved. */
export interface Place {
  readonly worktree: string;
  readonly gitDirectory: string;
}

/** Installed packages: thousands of folders, and what is in them comes from an install again. */
const NOT_SEARCHED = new Set(['.git', 'node_modules']);

/** The working copies below `root`, outer ones first. Links are not followed, `node_modules` is not searched. */
export async function findWorkingCopies(root: string, signal: AbortSignal): Promise<WorkingCopy[]> {
  const found: WorkingCopy[] = [];
  const open = [root];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    signal.throwIfAborted();
    const entries = await entriesOf(folder);
    if (entries.some(({ name }) => name === '.git')) {
      const directory = relative(root, folder) || '.';
      const place = await placeOf(root, folder);
      if (typeof place !== 'string') found.push({ directory });
      else if (place !== '') found.push({ directory, unsupported: place });
    }
    for (const entry of entries) {
      if (entry.isDirectory() && !NOT_SEARCHED.has(entry.name)) open.push(join(folder, entry.name));
    }
  }
  return found.sort((a, b) => (a.directory === '.' || a.directory < b.directory ? -1 : 1));
}

/** Throws `missing` when there is no working copy in `worktree`, `invalid` when it is of a kind not supported. */
export async function locateWorkingCopy(root: string, worktree: string): Promise<Place> {
  const place = await placeOf(root, worktree);
  if (typeof place !== 'string') return place;
  const name = relative(root, worktree) || '.';
  if (place === '') throw new Fault('missing', `${name}: no working copy`);
  throw new Fault('invalid', `${name}: ${place}`);
}

/** A place, why it is not supported, or the empty string where no repository is. */
async function placeOf(root: string, worktree: string): Promise<Place | string> {
  const dotGit = join(worktree, '.git');
  const stats = await lstat(dotGit).catch(() => undefined);
  if (stats === undefined) return '';
  if (stats.isDirectory()) return placeAt(worktree, dotGit);
  if (!stats.isFile()) return 'its .git is a link';
  const [, target] = /^gitdir: (.+)\n?$/.exec(await readFile(dotGit, 'utf8')) ?? [];
  if (target === undefined) return '';
  const gitDirectory = await realpath(resolve(worktree, target)).catch(() => undefined);
  if (gitDirectory === undefined) return 'its git directory does not exist';
  if (!gitDirectory.startsWith(root + sep)) return 'its git directory is outside the workspace';
  if (!gitDirectory.includes('/.git/modules/'))
    return 'a linked worktree; only clones and submodules are saved';
  return placeAt(worktree, gitDirectory);
}

async function placeAt(worktree: string, gitDirectory: string): Promise<Place | string> {
  const entries = new Set((await entriesOf(gitDirectory)).map(({ name }) => name));
  if (!entries.has('HEAD') || !entries.has('objects')) return '';
  if (entries.has('reftable')) return 'its refs are stored as a reftable';
  if (entries.has('commondir')) return 'a linked worktree; only clones and submodules are saved';
  return { worktree, gitDirectory };
}

/** Where a submodule keeps its git directory, seen from its folder: in that of a working copy further out. */
export function isSubmoduleDirectory(path: string): boolean {
  return /^(\.\.\/)+\.git\/modules\/[^\0]+$/.test(path) && !path.slice(path.indexOf('.git')).includes('..');
}

export function gitDirectoryFrom({ worktree, gitDirectory }: Place): string {
  return dirname(gitDirectory) === worktree ? '.git' : relative(worktree, gitDirectory);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
