import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { toFault } from '../to-fault';

const execute = promisify(execFile);

/** The descriptors of a pipe's two ends. Whoever opens it closes them. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/**
 * A real pipe, opened through a FIFO that is gone afterwards. Node's own `stdio: 'pipe'` is a socket pair: it has no
 * end that two streams of a child can share, and on Linux `echo >/dev/stderr` fails on it with ENXIO.
 *
 * @param path where the FIFO may be for a moment, in a directory that only this user can write to
 * @param searchPath where to look for `mkfifo`, as a `PATH`
 */
export async function openPipe(path: string, searchPath: string): Promise<Pipe> {
  try {
    await execute('mkfifo', ['-m', '600', path], { env: { PATH: searchPath } });
  } catch (error) {
    throw toFault(error, 'mkfifo');
  }
  // Each end waits for the other to be opened, unless somebody holds both.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    return { readEnd: openSync(path, constants.O_RDONLY), writeEnd: openSync(path, constants.O_WRONLY) };
  } finally {
    closeSync(both);
    unlinkSync(path);
  }
}
