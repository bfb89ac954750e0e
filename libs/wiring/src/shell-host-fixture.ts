import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveShells } from '@swe/adapter-host/shell';
import type { Shell, ShellOptions, SpokenPrograms } from '@swe/adapter-host/shell';
import { openLocalShell } from './local-shell';

/** A shell host in this process, behind a real socket, and a folder of its own for sessions. */
export async function openShellHost(open: (options: ShellOptions) => Promise<Shell> = openLocalShell) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shell-host-')));
  const socketPath = join(folder, 'socket');
  const start = async (): Promise<AsyncDisposable> => {
    const server = createServer();
    const serving = serveShells(server, open);
    await once(server.listen(socketPath), 'listening');
    return serving;
  };
  let serving: AsyncDisposable | undefined = await start();
  const stop = async (): Promise<void> => {
    await serving?.[Symbol.asyncDispose]();
    serving = undefined;
  };
  return {
    folder,
    socketPath,
    stop,
    async restart() {
      await stop();
      serving = await start();
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** No bubblewrap there, so that processes can be looked at from outside. */
export const NO_PROGRAMS = '/nowhere';

export function shellOptions(folder: string, path: string) {
  return { folder, path, programs: [], hidden: [], readable: [] };
}

/** Opens shells whose programs are these, and no processes. */
export function shellsWith(start: SpokenPrograms['start']): (options: ShellOptions) => Promise<Shell> {
  return async (options) =>
    Object.assign(await openLocalShell(options), { openPrograms: async () => ({ start }) });
}
