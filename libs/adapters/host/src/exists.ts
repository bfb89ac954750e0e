import { lstat } from 'node:fs/promises';

/** Whether anything has that name; a link that leads nowhere is something. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
