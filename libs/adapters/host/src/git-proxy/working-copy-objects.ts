import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../exists';
import { Git, linesIn } from '../git';
import type { GitEnd } from '../git';
import { findWorkingCopies, locateWorkingCopy } from '../working-copies';
import type { GitObjectType } from './git-object';
import type { GitObjects } from './proven-objects';

export interface WorkingCopyObjectsOptions {
  /** The workspace. */
  readonly root: string;
  /** For git directories of our own. */
  readonly stateDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 60_000;
/** A folder of a hundred thousand files. */
const MAX_OBJECT_BYTES = 16 * 1024 * 1024;
const ID = /^[0-9a-f]{40,64}$/;

/**
 * The objects of the working copies in a workspace. Git reads them through an empty repository of our own, so that no
 * setting of theirs is heeded, and nothing they lack is fetched. The workspace is searched for working copies when a
 * commit's fork points are asked for, and when those that are known lack an object: not for each object of a push.
 */
export class WorkingCopyObjects implements GitObjects {
  readonly #root: string;
  readonly #stateDirectory: string;
  readonly #git: Git;
  /** Of the working copies that were found last. */
  #gitDirectories: readonly string[] = [];

  constructor({ root, stateDirectory, environment }: WorkingCopyObjectsOptions) {
    this.#root = root;
    this.#stateDirectory = stateDirectory;
    this.#git = new Git(environment);
  }

  async read(id: string, type: GitObjectType, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const known = this.#gitDirectories;
    const found = await this.#readFrom(known, id, type, signal);
    if (found !== undefined) return found;
    await this.#search(signal);
    const others = this.#gitDirectories.filter((directory) => !known.includes(directory));
    return this.#readFrom(others, id, type, signal);
  }

  async forkPoints(commit: string, branch: string, signal: AbortSignal): Promise<readonly string[]> {
    await this.#search(signal);
    const found = new Set<string>();
    for (const directory of this.#gitDirectories) {
      for (const tip of await tipsOf(directory, branch)) {
        const args = ['merge-base', '--all', commit, tip];
        const { exitCode, stdout } = await this.#run(args, commit, directory, signal);
        if (exitCode === 0) for (const line of linesIn(stdout)) found.add(line);
      }
    }
    return [...found];
  }

  async #readFrom(
    directories: readonly string[],
    id: string,
    type: GitObjectType,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    for (const directory of directories) {
      const { exitCode, stdout, isTooMuch } = await this.#run(['cat-file', type, id], id, directory, signal);
      if (exitCode === 0 && !isTooMuch) return stdout;
    }
    return undefined;
  }

  async #search(signal: AbortSignal): Promise<void> {
    const copies = await findWorkingCopies(this.#root, signal);
    const places = await Promise.allSettled(
      copies.map(({ directory }) => locateWorkingCopy(this.#root, join(this.#root, directory))),
    );
    this.#gitDirectories = places.flatMap((place) =>
      place.status === 'fulfilled' ? [place.value.gitDirectory] : [],
    );
  }

  async #run(args: readonly string[], id: string, directory: string, signal: AbortSignal): Promise<GitEnd> {
    const format = id.length === 64 ? 'sha256' : 'sha1';
    const own = await this.#ownRepository(format, signal);
    const shallow = join(directory, 'shallow');
    return this.#git.attempt(args, {
      cwd: own,
      signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_OBJECT_BYTES,
      env: {
        GIT_DIR: own,
        GIT_OBJECT_DIRECTORY: join(directory, 'objects'),
        // Where a shallow clone ends: https://git-scm.com/docs/shallow
        ...((await exists(shallow)) ? { GIT_SHALLOW_FILE: shallow } : {}),
      },
    });
  }

  /** Made beside its place and put there whole: what is there was not left half-made by somebody who died at it. */
  async #ownRepository(format: string, signal: AbortSignal): Promise<string> {
    const folder = join(this.#stateDirectory, `empty-${format}.git`);
    if (await exists(folder)) return folder;
    await mkdir(this.#stateDirectory, { recursive: true });
    const making = await mkdtemp(join(this.#stateDirectory, 'making-'));
    try {
      const args = ['init', '--quiet', '--bare', `--object-format=${format}`, '--template=', making];
      await this.#git.run(args, { cwd: making, signal });
      await rename(making, folder).catch(async (error) => {
        // Somebody else was faster.
        if (!(await exists(folder))) throw error;
      });
    } finally {
      await rm(making, { recursive: true, force: true });
    }
    return folder;
  }
}

/** What the branch is known as in a working copy, read from its files: https://git-scm.com/docs/gitrepository-layout */
async function tipsOf(gitDirectory: string, branch: string): Promise<ReadonlySet<string>> {
  const remotes = await readdir(join(gitDirectory, 'refs/remotes')).catch(() => []);
  const packed = await plainFile(join(gitDirectory, 'packed-refs'));
  const lines = packed.split('\n').map((line) => line.split(' '));
  const inPack = lines.filter(([, ref]) => isNamed(ref ?? '', branch)).map(([id]) => id ?? '');
  const loose = await Promise.all(
    [...remotes.map((remote) => `refs/remotes/${remote}`), 'refs/heads'].map((folder) =>
      plainFile(join(gitDirectory, folder, branch)),
    ),
  );
  return new Set([...loose.map((text) => text.trim()), ...inPack].filter((id) => ID.test(id)));
}

function isNamed(ref: string, branch: string): boolean {
  return (
    ref === `refs/heads/${branch}` || (/^refs\/remotes\/[^/]+\//.test(ref) && ref.endsWith(`/${branch}`))
  );
}

/** Never a pipe, which would keep its reader waiting. */
async function plainFile(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() === true ? readFile(path, 'latin1').catch(() => '') : '';
}
