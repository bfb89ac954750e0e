import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { emulatorFolder, startEmulator } from './emulator';
import type { Emulator } from './emulator';

const VERSION = '2.4.1';

/** Starts an empty S3 (fauxqs, MIT), fetched from the npm registry when it is not there yet. */
export function openFauxqs(): Promise<Emulator> {
  const folder = emulatorFolder(`fauxqs-${VERSION}`, install);
  return startEmulator(folder, (port) => ({
    program: process.execPath,
    args: [join(folder, 'node_modules/fauxqs/dist/cli.js')],
    variables: { FAUXQS_PORT: String(port), FAUXQS_LOGGER: 'false' },
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
