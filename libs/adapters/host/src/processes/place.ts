import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Enclosure } from '../enclosure';
import { Spool } from './spool';

/** Where one process runs and what it leaves on disk. */
export interface Place {
  /** Unique, also over time. */
  readonly id: string;
  /** Absolute, with links resolved. */
  readonly cwd: string;
  readonly spool: Spool;
  /** A directory outside the workspace that only this user can write to. */
  readonly scratch: string;
  /** A file in `scratch` in which a script says where it ended. */
  readonly note: string;
  /** Closes the spool, whose file stays unless discarded, and deletes the scratch directory. */
  release(): Promise<void>;
}

export interface PlaceOptions {
  readonly cwd: string;
  /** Relative to the root. */
  readonly spoolDirectory: string;
  /** Without its ending. Default: the place's id. */
  readonly spoolName?: string | undefined;
  readonly maxSpoolBytes: number;
  readonly scratchDirectory: string;
}

/** `missing`, `invalid` or `denied` when `cwd` is not a directory below the root. */
export async function openPlace(root: Enclosure, options: PlaceOptions): Promise<Place> {
  const cwd = await root.locate(options.cwd);
  await root.enter(cwd, async () => undefined);
  const id = randomUUID();
  const { spoolDirectory, spoolName = id, maxSpoolBytes } = options;
  const spool = await Spool.create(root, spoolDirectory, `${spoolName}.log`, maxSpoolBytes);
  const scratch = mkdtempSync(join(options.scratchDirectory, 'swe-process-'));
  const note = join(scratch, 'cwd');
  const release = async (): Promise<void> => {
    await spool.close();
    remove(scratch, note);
  };
  return { id, cwd, spool, scratch, note, release };
}

/** Most often there is nothing but the note in it: looking for more takes ten times as long. */
function remove(scratch: string, note: string): void {
  try {
    unlinkSync(note);
    rmdirSync(scratch);
  } catch {
    rmSync(scratch, { recursive: true, force: true });
  }
}
