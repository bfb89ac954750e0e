import { existsSync, mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '@swe/domain';
import { z } from 'zod';

const nodeError = z.object({ code: z.string() });

/** The `code` of an error that the operating system or Node raised. */
export function codeOf(error: unknown): string | undefined {
  return nodeError.safeParse(error).data?.code;
}

/** A full disk, at `path`, as what it is to a caller; anything else passes through. */
export function unlessFull(error: unknown, path: string): unknown {
  if (!['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')) return error;
  return new Fault('transient', `${path} is on a full disk. Free some space, then try again.`, {
    cause: error,
  });
}

/** Whether there is something at `path`, as far as this process may look. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** What people write to their agent is nobody else's on the machine. */
const OWNER_ONLY = 0o700;

/**
 * Makes the folder `path` and those above it. Not by Node's `recursive`: that never returns where the system says
 * ENOENT for a folder whose parent is there, as below `/proc`.
 */
export function mkdirs(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) mkdirs(parent);
  try {
    mkdirSync(path, { mode: OWNER_ONLY });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
