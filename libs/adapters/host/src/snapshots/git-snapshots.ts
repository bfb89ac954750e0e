import { Fault, isFault } from '@swe/domain';
import type { Restored, Snapshot, Snapshots, StoredSnapshot, WorkingCopy } from '@swe/domain';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Enclosure } from '../enclosure';
import { exists } from '../exists';
import { Git } from '../git';
import { HalfRestored } from './half-restored';
import { readSettings, settingOf } from './repository-settings';
import { restoreSnapshot } from './restore-snapshot';
import { Shadow } from './shadow';
import { fromBytes } from './snapshot-bytes';
import { takeSnapshot } from './take-snapshot';
import { findWorkingCopies, isSubmoduleDirectory, locateWorkingCopy } from '../working-copies';
import type { Place } from '../working-copies';

export interface GitSnapshotsOptions {
  /** The workspace's root: absolute, with links resolved. */
  readonly root: string;
  /** Absolute, outside the root: whoever writes here decides what git runs. */
  readonly stateDirectory: string;
  /** What git sees beside our own settings; needs `PATH`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Asked of every file before it is taken; what is committed is not examined. */
  readonly holdsCredential: (path: string, content: Uint8Array) => boolean | Promise<boolean>;
  /** Whether this process may speak to a remote that the repository names. */
  readonly mayFetchFrom: (url: string) => boolean;
  readonly maxBytes?: number;
  readonly maxFileBytes?: number;
  /** Sees each file's bytes before it is looked at again. */
  readonly onRead?: (content: Uint8Array) => void;
}

const MIB = 1024 * 1024;

/** Snapshots as git packs, made in a shadow of each repository. One is taken or restored at a time. */
export class GitSnapshots implements Snapshots {
  readonly #options: GitSnapshotsOptions & { readonly maxBytes: number; readonly maxFileBytes: number };
  readonly #git: Git;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: GitSnapshotsOptions) {
    this.#options = { maxBytes: 256 * MIB, maxFileBytes: 128 * MIB, ...options };
    if (`${options.stateDirectory}/`.startsWith(options.root + sep)) {
      throw new Fault('invalid', `${options.stateDirectory}: must be outside the workspace`);
    }
    this.#git = new Git({ HOME: options.stateDirectory, ...options.environment });
  }

  isCurrent(): Promise<boolean> {
    return exists(this.#currentMark);
  }

  async declareCurrent(): Promise<void> {
    await mkdir(this.#options.stateDirectory, { recursive: true });
    await writeFile(this.#currentMark, '');
  }

  workingCopies(signal: AbortSignal): Promise<readonly WorkingCopy[]> {
    return cancellable(signal, () => findWorkingCopies(this.#options.root, signal));
  }

  take(directory: string, since: string | undefined, signal: AbortSignal): Promise<Snapshot | undefined> {
    return this.#inTurn(signal, async () => {
      const { root } = this.#options;
      const place = await locateWorkingCopy(root, await this.#locate(directory));
      const attempt = async () => {
        const { kept } = await readSettings(this.#git, place.gitDirectory, signal);
        const shadow = this.#shadow(place, settingOf(kept, 'extensions.objectformat') ?? 'sha1');
        return takeSnapshot(await shadow.open(signal), { ...this.#options, directory }, since, signal);
      };
      try {
        return await attempt();
      } catch (error) {
        if (isFault(error) || signal.aborted) throw error;
        // The shadow may have been torn by a machine that died; without it everything is read again.
        await rm(this.#shadow(place, '').folder, { recursive: true, force: true });
        return attempt();
      }
    });
  }

  restore(directory: string, { bytes, source }: StoredSnapshot, signal: AbortSignal): Promise<Restored> {
    return this.#inTurn(signal, async () => {
      const worktree = await this.#locate(directory);
      const half = new HalfRestored(this.#shadowFolder(worktree));
      await half.remove();
      if (await exists(join(worktree, '.git')))
        throw new Fault('conflict', `${directory}: a working copy is there`);
      const contents = fromBytes(bytes);
      const place = this.#placeFor(worktree, contents.manifest.gitDirectory);
      if (await exists(place.gitDirectory))
        throw new Fault('conflict', `${directory}: its repository is there`);
      const shadow = this.#shadow(place, contents.manifest.objectFormat);
      await rm(shadow.folder, { recursive: true, force: true });
      await half.begin(place);
      await mkdir(worktree, { recursive: true });
      try {
        const restored = await restoreSnapshot(shadow, contents, source, signal);
        await half.complete();
        return restored;
      } catch (error) {
        await half.remove();
        if (isFault(error) || signal.aborted) throw error;
        const reason = Error.isError(error) ? error.message : String(error);
        throw new Fault('transient', `${directory}: its snapshot cannot be restored now: ${reason}`, {
          cause: error,
        });
      }
    });
  }

  #placeFor(worktree: string, gitDirectory: string): Place {
    const real = resolve(worktree, gitDirectory);
    const isAllowed = gitDirectory === '.git' || isSubmoduleDirectory(gitDirectory);
    if (!isAllowed || !real.startsWith(this.#options.root + sep)) {
      throw new Fault('invalid', `${gitDirectory}: no place for a git directory`);
    }
    return { worktree, gitDirectory: real };
  }

  #locate(directory: string): Promise<string> {
    return new Enclosure(this.#options.root).locate(directory);
  }

  #shadow(place: Place, objectFormat: string): Shadow {
    return new Shadow(this.#shadowFolder(place.worktree), place, this.#git, objectFormat);
  }

  #shadowFolder(worktree: string): string {
    const name = createHash('sha256').update(worktree).digest('hex').slice(0, 16);
    return join(this.#options.stateDirectory, name);
  }

  get #currentMark(): string {
    return join(this.#options.stateDirectory, 'current');
  }

  #inTurn<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => cancellable(signal, act));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

async function cancellable<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await act();
  } catch (error) {
    if (signal.aborted) throw new Fault('cancelled', 'the snapshot was stopped', { cause: error });
    throw error;
  }
}
