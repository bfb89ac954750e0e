import { execFileSync } from 'node:child_process';
import { emulatorFolder, startEmulator } from './emulator';
import type { Emulator } from './emulator';

const VERSION = '2.4.1';

/** Its own command listens on every interface. */
const SCRIPT = `
  import { buildApp } from 'fauxqs';
  await buildApp({ logger: false }).listen({ host: '127.0.0.1', port: Number(process.argv[1]) });
`;

/** Starts an empty S3 (fauxqs, MIT), fetched from the npm registry when it is not there yet. */
export function openFauxqs(): Promise<Emulator> {
  const folder = emulatorFolder(`fauxqs-${VERSION}`, install);
  return startEmulator(folder, (port) => ({
    program: process.execPath,
    args: ['--input-type=module', '--eval', SCRIPT, String(port)],
    variables: {},
  }));
}

/** A folder of its own keeps its packages, another version of the AWS SDK among them, out of the lock file. */
function install(folder: string): void {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  execFileSync('npm', ['install', ...flags, '--prefix', folder, `fauxqs@${VERSION}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
