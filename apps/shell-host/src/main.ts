import { once } from 'node:events';
import { createServer } from 'node:net';
import { serveShells } from '@swe/adapter-host/shell';
import { shellHostConfig } from '@swe/config/shell-host';
import { listenForInterrupts, loadConfig, outputLogger } from '@swe/runtime';
import { openLocalShell } from '@swe/wiring/local-shell';

/** The first that systemd passes on. */
const SOCKET = { fd: 3 };
const ENDED_BY_FORCE = 1;

/** Serves shells as the user of this process, until it is asked to end. */
async function main(): Promise<void> {
  const { LISTEN_FDS, SWE_SHELL_SOCKET: path } = loadConfig(shellHostConfig, process.env);
  using interrupts = listenForInterrupts(ENDED_BY_FORCE);
  const server = createServer();
  await using _serving = serveShells(server, openLocalShell);
  await once(server.listen(LISTEN_FDS === undefined ? { path } : SOCKET), 'listening');
  await once(interrupts.signal, 'abort');
}

const output = outputLogger();
try {
  await main();
} catch (error) {
  output.error('shell-host.failed', { reason: String(error) });
  process.exitCode = 1;
}
