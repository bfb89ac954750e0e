import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DIFF_OPTIONS } from '@swe/domain';
import { Git } from '../git';

/** A file's content in a tree; of a submodule the id of its commit. */
export interface FileContent {
  readonly mode: string;
  readonly content: Uint8Array | string;
}

/** A file before and after a change. Its path has one character per byte. */
export interface FileChange {
  readonly path: string;
  readonly before: FileContent | undefined;
  readonly after: FileContent | undefined;
}

export interface DifferOptions {
  /** For git directories of our own. */
  readonly stateDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 60_000;

/**
 * What git says of a change to these files, as `findingsOfDiff` reads it; undefined where that is more than `maxBytes`.
 * Git gets their contents in a repository made for it, so that no attribute or setting of theirs has a say.
 */
export async function diffOfFiles(
  files: readonly FileChange[],
  { stateDirectory, environment }: DifferOptions,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  await mkdir(stateDirectory, { recursive: true });
  const folder = await mkdtemp(join(stateDirectory, 'diff-'));
  const git = new Git(environment);
  const call = { cwd: folder, signal, timeoutMs: TIMEOUT_MS, env: { GIT_DIR: folder } };
  try {
    await git.run(['init', '--quiet', '--bare', '--template='], call);
    await git.run(['fast-import', '--quiet'], { ...call, input: Readable.from(importOf(files)) });
    const args = ['-c', 'core.quotePath=false', 'diff', ...DIFF_OPTIONS, 'before', 'after', '--'];
    const { exitCode, stdout, stderr, isTooMuch } = await git.attempt(args, { ...call, maxBytes });
    if (isTooMuch) return undefined;
    if (exitCode !== 0) throw new Error(`git diff ended with ${exitCode}: ${stderr}`);
    return stdout.toString();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** https://git-scm.com/docs/git-fast-import#_input_format */
function* importOf(files: readonly FileChange[]): Generator<Buffer> {
  for (const side of ['before', 'after'] as const) {
    yield Buffer.from(`commit refs/heads/${side}\ncommitter a <a> 0 +0000\ndata 0\n\n`);
    for (const { path, [side]: file } of files) if (file !== undefined) yield* fileModify(path, file);
  }
}

function* fileModify(path: string, { mode, content }: FileContent): Generator<Buffer> {
  const name = `"${path.replace(/["\\]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n')}"`;
  if (typeof content === 'string') {
    yield Buffer.from(`M 160000 ${content} ${name}\n`, 'latin1');
    return;
  }
  yield Buffer.from(`M ${plainMode(mode)} inline ${name}\ndata ${content.byteLength}\n`, 'latin1');
  yield Buffer.from(content);
  yield Buffer.from('\n');
}

/** Old trees have modes that git no longer writes. */
function plainMode(mode: string): string {
  if (mode.startsWith('12')) return '120000';
  return mode.endsWith('755') ? '100755' : '100644';
}
