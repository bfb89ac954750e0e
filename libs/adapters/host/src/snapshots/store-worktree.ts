import type { LeftOut } from '@swe/domain';
import { readable } from './git';
import type { Shadow } from './shadow';
import { readSteadily } from './steady-read';
import type { Reading } from './steady-read';
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
  const lines: string[] = [];

  function accept(path: string, reading: Reading): Buffer | undefined {
    const refused = refusal(path, reading, options);
    if (refused !== undefined) leftOut.push({ path: readable(path), why: refused });
    if (refused !== undefined || !('content' in reading)) return void lines.push(removal(shadow, path));
    if (reading.unsteady) unsteady.push(readable(path));
    lines.push(`${modeOf(reading)} @\t${path}\0`);
    return reading.content;
  }

  async function* contents(): AsyncGenerator<Buffer> {
    for (let at = 0; at < wanted.length; at += READ_AT_ONCE) {
      signal.throwIfAborted();
      const paths = wanted.slice(at, at + READ_AT_ONCE);
      const readings = await Promise.all(paths.map((path) => readSteadily(absolute(shadow, path), options)));
      for (const [i, path] of paths.entries()) {
        const content = accept(path, readings[i]!);
        if (content !== undefined) yield content;
      }
    }
  }

  const oids = wanted.length > 0 ? await storeBlobs(shadow, contents(), signal) : [];
  const removals = stale.map((path) => removal(shadow, path));
  const additions = lines.map((line) =>
    /^1\d{5} @\t/.test(line) ? line.replace('@', () => oids.shift()!) : line,
  );
  if (removals.length + additions.length > 0) {
    const input = [...removals, ...additions].join('');
    await shadow.run(['update-index', '-z', '--add', '--replace', '--index-info'], { signal, input });
    // Fills in the stat data. A file that changed meanwhile stays without, and is read again the next time.
    await shadow.attempt(['update-index', '-q', '--refresh'], { signal });
  }
  return { tree: await shadow.word(['write-tree'], { signal }), leftOut, unsteady };
}

/** Which files to read, and which to drop from the shadow's index. */
async function compare(shadow: Shadow, signal: AbortSignal) {
  const copy = { signal, index: 'working-copy' as const };
  const [entries, untracked, known, changed] = await Promise.all([
    shadow.names(['ls-files', '-z', '--stage'], copy),
    shadow.names(['ls-files', '-z', '--others', '--exclude-standard'], copy),
    shadow.names(['ls-files', '-z'], { signal }),
    shadow.names(['diff-files', '-z', '--name-only', '--ignore-submodules=all'], { signal }),
  ]);
  const there = new Set<string>();
  for (const entry of entries)
    if (!entry.startsWith('160000 ')) there.add(entry.slice(entry.indexOf('\t') + 1));
  // A nested repository is named with a slash behind it.
  for (const path of untracked) if (!path.endsWith('/')) there.add(path);
  const stored = new Set(known);
  const dirty = new Set(changed);
  return {
    wanted: [...there].filter((path) => !stored.has(path) || dirty.has(path)),
    stale: known.filter((path) => !there.has(path)),
  };
}

function refusal(
  path: string,
  reading: Reading,
  { holdsCredential }: GitFileOptions,
): LeftOut['why'] | undefined {
  if (reading.kind === 'gone') return undefined;
  if (!('content' in reading)) return reading.kind;
  if (UNSTORABLE.test(path)) return 'unsupported';
  if (reading.kind === 'link') return UNSTORABLE_LINK.test(path) ? 'unsupported' : undefined;
  return holdsCredential(readable(path), reading.content) ? 'credential' : undefined;
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
