import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { emulatorFolder } from './emulator';

/**
 * What is wanted of PyPI: moto (Apache 2.0) with what its SSM, EC2 and server need, and the AWS SDK for Python (Apache
 * 2.0). Its extra `server` would bring what every service needs: twice as much.
 */
const PACKAGES = ['moto[ssm]==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5', 'botocore==1.44.8'];

/** A Python with `PACKAGES`, fetched from PyPI when it is not there yet. Needs `python3` with its `venv`. */
export function pythonProgram(): string {
  return join(emulatorFolder('python-moto-5.2.5', install), 'bin/python');
}

function install(folder: string): void {
  const options = { stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };
  execFileSync('python3', ['-m', 'venv', folder], options);
  // Modules are run by `-m`: the scripts beside them name this folder, which is renamed.
  const flags = ['--quiet', '--disable-pip-version-check', '--no-input', '--only-binary', ':all:'];
  execFileSync(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...flags, ...PACKAGES], options);
}
