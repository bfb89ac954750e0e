import { jsonText } from '@swe/domain';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { exists } from '../exists';
import type { Place } from '../working-copies';

const written = jsonText(
  z.object({
    worktree: z.string(),
    gitDirectory: z.string(),
    /** What the folder held before; absent when there was no folder. */
    before: z.array(z.string()).optional(),
  }),
);

/** What a restore has written so far, by a file beside the shadow: whoever comes after a crash takes it away first. */
export class HalfRestored {
  readonly #file: string;

  constructor(shadowFolder: string) {
    this.#file = `${shadowFolder}.restoring`;
  }

  async begin({ worktree, gitDirectory }: Place): Promise<void> {
    const before = (await exists(worktree)) ? await readdir(worktree) : undefined;
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, JSON.stringify({ worktree, gitDirectory, before }), { flush: true });
  }

  async complete(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  /** Leaves what was there before the restore, and nothing when none was begun. */
  async remove(): Promise<void> {
    if (!(await exists(this.#file))) return;
    // A torn record was not complete, and so nothing was begun.
    const { data } = written.safeParse(await readFile(this.#file, 'utf8'));
    if (data !== undefined) await undo(data);
    await this.complete();
  }
}

async function undo({ worktree, gitDirectory, before }: z.infer<typeof written>): Promise<void> {
  if (before === undefined) {
    await rm(worktree, { recursive: true, force: true });
  } else if (await exists(worktree)) {
    const added = (await readdir(worktree)).filter((name) => !before.includes(name));
    for (const name of added) await rm(join(worktree, name), { recursive: true, force: true });
  }
  await rm(gitDirectory, { recursive: true, force: true });
}
