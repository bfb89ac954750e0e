import { Fault } from '@swe/domain';
import type { LeftOut, Snapshot } from '@swe/domain';
import { createHash } from 'node:crypto';
import { stat, utimes, writeFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { fetchableBase } from './fetchable-base';
import {
  changedGitFiles,
  hashOfGitFiles,
  objectNamesIn,
  readGitFiles,
  refsIn,
  branchIn,
  storeGitFiles,
} from './git-files';
import type { GitFileOptions, GitFiles } from './git-files';
import { readSettings, settingOf } from './repository-settings';
import type { Setting } from './repository-settings';
import type { Shadow } from './shadow';
import { toBytes } from './snapshot-bytes';
import { storeWorktree } from './store-worktree';
import { gitDirectoryFrom } from '../working-copies';

export interface TakeOptions extends GitFileOptions {
  readonly maxBytes: number;
  readonly mayFetchFrom: (url: string) => boolean;
  readonly directory: string;
}

const FIXED = { GIT_AUTHOR_DATE: '@0 +0000', GIT_COMMITTER_DATE: '@0 +0000' };
const NOBODY = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((who) => [
    [`GIT_${who}_NAME`, 'snapshot'],
    [`GIT_${who}_EMAIL`, 'snapshot'],
  ]),
);
const MAX_NAMED = 100;

/** Undefined when the state is the one with the fingerprint `since`. */
export async function takeSnapshot(
  shadow: Shadow,
  options: TakeOptions,
  since: string | undefined,
  signal: AbortSignal,
): Promise<Snapshot | undefined> {
  const { gitDirectory } = shadow.place;
  const settings = await readSettings(shadow.git, gitDirectory, signal);
  const before = await readGitFiles(gitDirectory, options);
  await copyForShadow(shadow, before);
  const worktree = await storeWorktree(shadow, options, signal);
  const files = await readGitFiles(gitDirectory, options);
  const changed = changedGitFiles(before, files);
  if (changed.length > 0) await copyForShadow(shadow, files);

  const copy = { signal, index: 'working-copy' as const };
  const hash = createHash('sha256').update(worktree.tree).update(hashOfGitFiles(files));
  await shadow.stream(['ls-files', '-z', '--stage', '-v'], copy, (piece) => void hash.update(piece));
  const fingerprint = hash.update(JSON.stringify(settings.kept)).digest('hex');
  if (fingerprint === since) return undefined;

  const refs = refsIn(files);
  const tips = await shadow.present(
    [...objectNamesIn(files), ...(await stagedBlobs(shadow, await wholeHead(shadow, refs, signal), signal))],
    signal,
  );
  const there = new Set(tips);
  const head = [refs.get('HEAD')].filter((oid) => oid !== undefined && there.has(oid)) as string[];
  const source = sourceOf(shadow.place.worktree, files, settings.kept, options);
  const known = [...new Set([...head, ...refs.values()])].filter((oid) => there.has(oid));
  const base = source === undefined ? [] : await fetchableBase(shadow, source, known, signal);

  const git = await storeGitFiles(shadow, files, signal);
  const tree = await shadow.word(['mktree'], {
    signal,
    input: `040000 tree ${git}\tgit\n040000 tree ${worktree.tree}\tworktree\n`,
  });
  const commit = await shadow.word(['commit-tree', tree, ...head.flatMap((oid) => ['-p', oid])], {
    signal,
    input: '',
    env: { ...FIXED, ...NOBODY },
  });
  const isPartial = settings.kept.some(
    ([name, value]) => /^remote\..*\.promisor$/.test(name) && value === 'true',
  );
  const pack = await packOf(shadow, { wanted: [commit, ...tips], base, isPartial }, options, signal);
  const leftOut: LeftOut[] = [...files.leftOut, ...worktree.leftOut];
  const bytes = toBytes(
    {
      objectFormat: shadow.objectFormat === 'sha256' ? 'sha256' : 'sha1',
      gitDirectory: gitDirectoryFrom(shadow.place),
      commit,
      base,
      settings: settings.kept.map(([name, value]) => [name, value]),
      lost: [
        ...leftOut.map(({ path, why }) => `${path} (${why})`),
        ...settings.dropped.map((name) => `the setting ${name}`),
        ...(await ignored(shadow, signal)).map((path) => `${path} (ignored)`),
      ],
    },
    pack,
  );
  const unsteady = [...worktree.unsteady, ...changed.map((path) => `.git/${path}`)];
  return { fingerprint, bytes, leftOut, unsteady, ...(source === undefined ? {} : { source }) };
}

/** What the shadow's commands are to see of the git directory. The index keeps its time: git trusts it by that. */
async function copyForShadow(shadow: Shadow, { contents }: GitFiles): Promise<void> {
  const index = contents.get('index');
  const target = shadow.indexFile('working-copy');
  if (index === undefined) {
    await shadow.run(['read-tree', '--empty'], {
      signal: new AbortController().signal,
      index: 'working-copy',
    });
  } else {
    await writeFile(target, index);
    const stats = await stat(`${shadow.place.gitDirectory}/index`).catch(() => undefined);
    if (stats !== undefined) await utimes(target, stats.atime, stats.mtime);
  }
  await writeFile(shadow.file('info/exclude'), contents.get('info/exclude') ?? '');
  await writeFile(shadow.file('shallow'), contents.get('shallow') ?? '');
  for (const [path, content] of contents) {
    if (path.startsWith('sharedindex.')) await writeFile(shadow.file(path), content);
  }
}

/** Blobs that only the index tells of: what differs from HEAD, every stage of a conflict, what a resolved one was. */
async function stagedBlobs(shadow: Shadow, head: string | undefined, signal: AbortSignal): Promise<string[]> {
  const copy = { signal, index: 'working-copy' as const };
  const oids: string[] = [];
  const add = (mode = '', oid = ''): void => {
    if (mode !== '160000') oids.push(oid);
  };
  const addEntry = (entry: string): void => add(...(entry.split(' ', 2) as [string, string]));
  await shadow.eachName(['ls-files', '-z', '--resolve-undo'], copy, addEntry);
  if (head === undefined) {
    await shadow.eachName(['ls-files', '-z', '--stage'], copy, addEntry);
    return oids;
  }
  await shadow.eachName(['ls-files', '-z', '--unmerged'], copy, addEntry);
  let isName = false;
  const differing = ['diff-index', '-z', '--raw', '--no-abbrev', '--no-renames', '--cached', head];
  await shadow.eachName(differing, copy, (field) => {
    const [, mode, , oid] = field.split(' ', 4);
    if (!isName) add(mode, oid);
    isName = !isName;
  });
  return oids;
}

/** HEAD, where its trees are here: a clone may be without. */
async function wholeHead(
  shadow: Shadow,
  refs: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const head = refs.get('HEAD');
  if (head === undefined) return undefined;
  const trees = await shadow.attempt(['ls-tree', '-r', '-d', '--name-only', head], { signal });
  return trees.exitCode === 0 ? head : undefined;
}

async function ignored(shadow: Shadow, signal: AbortSignal): Promise<string[]> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const names: string[] = [];
  await shadow.eachName(args, { signal, index: 'working-copy' }, (name) => {
    if (names.length < MAX_NAMED) names.push(Buffer.from(name, 'latin1').toString());
  });
  return names;
}

/** The remote of the branch that is checked out, or else `origin`. */
function sourceOf(
  worktree: string,
  { contents }: GitFiles,
  settings: readonly Setting[],
  { mayFetchFrom }: TakeOptions,
): string | undefined {
  const branch = branchIn(contents)?.replace('refs/heads/', '');
  const remote = settingOf(settings, `branch.${branch}.remote`) ?? 'origin';
  const url = settingOf(settings, `remote.${remote}.url`);
  if (url === undefined || !mayFetchFrom(url)) return undefined;
  return url.includes(':') || isAbsolute(url) ? url : resolve(worktree, url);
}

async function packOf(
  shadow: Shadow,
  { wanted, base, isPartial }: { wanted: readonly string[]; base: readonly string[]; isPartial: boolean },
  { maxBytes, directory }: TakeOptions,
  signal: AbortSignal,
): Promise<Buffer> {
  const input = [...wanted, ...base.map((oid) => `^${oid}`), ''].join('\n');
  // In a partial clone the base's blobs may be here no more than there: no deltas against them.
  const how = isPartial ? ['--missing=allow-any'] : ['--thin'];
  const args = ['pack-objects', '--revs', '--stdout', '-q', '--delta-base-offset', ...how];
  const end = await shadow.attempt(args, { signal, input, maxBytes });
  if (end.isTooMuch)
    throw new Fault('invalid', `${directory}: its snapshot is larger than ${maxBytes} bytes`);
  if (end.exitCode !== 0) throw new Error(`git pack-objects ended with ${end.exitCode}: ${end.stderr}`);
  return end.stdout;
}
