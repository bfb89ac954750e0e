import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from '../to-fault';

/**
 * The file that `name` would execute in `cwd`, as execvp(3) looks for it on `path`. Rejects as executing it would:
 * with `EACCES` when all there is may not be executed, otherwise with `ENOENT`.
 */
export async function locateProgram(name: string, cwd: string, path: string): Promise<string> {
  const candidates = name.includes('/')
    ? [resolve(cwd, name)]
    : path.split(':').map((folder) => resolve(cwd, folder, name));
  let failure: unknown;
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      if ((await stat(candidate)).isFile()) return candidate;
      failure ??= Object.assign(new Error(`${candidate} is no file`), { code: 'EACCES' });
    } catch (error) {
      if (failure === undefined || codeOf(error) === 'EACCES') failure = error;
    }
  }
  throw failure;
}
