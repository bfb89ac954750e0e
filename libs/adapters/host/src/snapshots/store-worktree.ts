import type { LeftOut } from '@swe/domain';
import { readable } from '../git';
import type { Shadow } from './shadow';
import { readSteadily, sizeOf } from './steady-read';
import type { Reading, ReadLimits } from './steady-read';
import { storeBlobs } from './store-blobs';
import type { GitFileOptions } from './git-files';

export interface StoredWorktree {
  /** The tree's name in the shadow. */
  readonly tree: string;
  readonly leftOut: readonly LeftOut[];
  readonly unsteady: readonly string[];
}

/** Names no index of git takes: https://git-scm.com/docs/git-update-index#_description, `verify_path` in read-cache.c. */
const UNSTORABLE = /(^|\/)\.git(\/|$)/i;
const UNSTORABLE_LINK = /(^|\/)\.gitmodules$/i;
const READ_AT_ONCE = 16;
const BYTES_AT_ONCE = 16 * 1024 * 1024;
/** Each time the whole index is written; what is said of so many files is held meanwhile. */
const STORED_AT_ONCE = 20_000;

/**
 * Brings the shadow's index to what the working copy holds, tracked or not, and stores that as a tree. Only files
 * whose stat data changed since the last time are read. Nested working copies are not entered.
 */
export async function storeWorktree(
  shadow: Shadow,
  options: GitFileOptions,
  signal: AbortSignal,
): Promise<StoredWorktree> {
  const { wanted, stale } = await compare(shadow, signal);
  const leftOut: LeftOut[] = [];
  const unsteady: string[] = [];

  /** What to say of `path` in the index; the object's name follows where there is content. */
  async function entryOf(
    path: string,
    reading: Reading,
  ): Promise<{ readonly mode: string; readonly content?: Buffer }> {
    const refused = await refusal(path, reading, options);
    if (refused !== undefined) leftOut.push({ path: readable(path), why: refused });
    if (refused !== undefined || !('content' in reading)) return { mode: '0' };
    if (reading.unsteady) unsteady.push(readable(path));
    return { mode: modeOf(reading), content: reading.content };
  }

  async function storeSome(paths: readonly string[]): Promise<string> {
    const modes: string[] = [];
    async function* contents(): AsyncGenerator<Buffer> {
      for await (const [path, reading] of readAll(paths, (path) => absolute(shadow, path), options)) {
        signal.throwIfAborted();
        const { mode, content } = await entryOf(path, reading);
        modes.push(mode);
        if (content !== undefined) yield content;
      }
    }
    const oids = (await storeBlobs(shadow, contents(), signal)).values();
    return paths
      .map((path, i) =>
        modes[i] === '0' ? removal(shadow, path) : `${modes[i]} ${oids.next().value}\t${path}\0`,
      )
      .join('');
  }

  let isChanged = false;
  const change = async (input: string): Promise<void> => {
    if (input === '') return;
    isChanged = true;
    await shadow.run(['update-index', '-z', '--add', '--replace', '--index-info'], { signal, input });
  };
  await change(stale.map((path) => removal(shadow, path)).join(''));
  for (const paths of portions(wanted, STORED_AT_ONCE)) await change(await storeSome(paths));
  // Fills in the stat data. A file that changed meanwhile stays without, and is read again the next time.
  if (isChanged) await shadow.attempt(['update-index', '-q', '--refresh'], { signal });
  return { tree: await shadow.word(['write-tree'], { signal }), leftOut, unsteady };
}

/** Which files to read, and which to drop from the shadow's index. No list is held that is not needed. */
async function compare(shadow: Shadow, signal: AbortSignal) {
  const copy = { signal, index: 'working-copy' as const };
  const wanted = new Set<string>();
  await shadow.eachName(['ls-files', '-z', '--stage'], copy, (entry) => {
    if (!entry.startsWith('160000 ')) wanted.add(entry.slice(entry.indexOf('\t') + 1));
  });
  await shadow.eachName(['ls-files', '-z', '--others', '--exclude-standard'], copy, (path) => {
    // A nested repository is named with a slash behind it.
    if (!path.endsWith('/')) wanted.add(path);
  });
  const changed = new Set<string>();
  const differ = ['diff-files', '-z', '--name-only', '--ignore-submodules=all'];
  await shadow.eachName(differ, { signal }, (path) => void changed.add(path));
  const stale: string[] = [];
  await shadow.eachName(['ls-files', '-z'], { signal }, (path) => {
    if (!wanted.has(path)) stale.push(path);
    else if (!changed.has(path)) wanted.delete(path);
  });
  return { wanted, stale };
}

/** In order; several at once, as long as they are small. */
async function* readAll(
  paths: readonly string[],
  absolute: (path: string) => string,
  limits: ReadLimits,
): AsyncGenerator<readonly [string, Reading]> {
  for (const some of portions(paths, READ_AT_ONCE)) {
    const sizes = await Promise.all(some.map((path) => sizeOf(absolute(path))));
    const isMuch = sizes.reduce((sum, size) => sum + size, 0) > BYTES_AT_ONCE;
    for (const few of isMuch ? portions(some, 1) : [some]) {
      const readings = await Promise.all(few.map((path) => readSteadily(absolute(path), limits)));
      for (const [i, path] of few.entries()) yield [path, readings[i]!];
    }
  }
}

function* portions<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let some: T[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

async function refusal(
  path: string,
  reading: Reading,
  { holdsCredential }: GitFileOptions,
): Promise<LeftOut['why'] | undefined> {
  if (reading.kind === 'gone') return undefined;
  if (!('content' in reading)) return reading.kind;
  if (UNSTORABLE.test(path)) return 'unsupported';
  if (reading.kind === 'link') return UNSTORABLE_LINK.test(path) ? 'unsupported' : undefined;
  return (await holdsCredential(readable(path), reading.content)) ? 'credential' : undefined;
}

function modeOf(reading: { readonly kind: string; readonly executable: boolean }): string {
  if (reading.kind === 'link') return '120000';
  return reading.executable ? '100755' : '100644';
}

function removal({ objectFormat }: Shadow, path: string): string {
  return `0 ${'0'.repeat(objectFormat === 'sha256' ? 64 : 40)}\t${path}\0`;
}

function absolute({ place }: Shadow, path: string): string {
  return `${Buffer.from(place.worktree).toString('latin1')}/${path}`;
}
