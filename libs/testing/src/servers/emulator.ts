import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where emulators are unpacked: once per checkout, never committed. */
const EMULATORS = fileURLToPath(new URL('../../../../.cache/emulators', import.meta.url));

/** A vendor's service on 127.0.0.1, as a process of its own. */
export interface Emulator {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The folder `name`, made by `fill` when it is not there. Several processes may want it at once. */
export function emulatorFolder(name: string, fill: (folder: string) => void): string {
  const folder = join(EMULATORS, name);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.unfinished-`);
  try {
    fill(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Starts a program that listens on the port it is told, and waits until it does. */
export async function startEmulator(
  cwd: string,
  commandFor: (port: number) => {
    readonly program: string;
    readonly args: readonly string[];
    /** Beside the environment of the tests. */
    readonly variables: Readonly<Record<string, string>>;
  },
): Promise<Emulator> {
  const port = await freePort();
  const { program, args, variables } = commandFor(port);
  const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  // `env` becomes the program, and keeps the rest of the environment without anybody here reading it.
  const child = spawn('env', [...settings, program, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
  // An emulator must not outlive a test run that is cut short.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await Promise.race([untilListening(port), ended]);
  ended.catch(() => undefined);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      process.removeListener('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
