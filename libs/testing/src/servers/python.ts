import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { emulatorFolder } from './emulator';

/**
 * What is wanted of PyPI: moto (Apache 2.0) with what its SSM, EC2, CloudFormation and server need, the AWS SDK for Python
 * (Apache 2.0), and cfn-lint (MIT-0), which moto's CloudFormation brings anyway. Its extra `server` would bring what every
 * service needs.
 */
const PACKAGES = [
  'moto[cloudformation,ssm]==5.2.5',
  'cfn-lint==1.58.0',
  'flask==3.1.3',
  'flask-cors==6.0.5',
  'botocore==1.44.8',
];

/** A Python with `PACKAGES`, fetched from PyPI when it is not there yet. Needs `python3` with its `venv`. */
export function pythonProgram(): string {
  return join(emulatorFolder('python-moto-5.2.5-cfn', install), 'bin/python');
}

function install(folder: string): void {
  const options = { stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };
  execFileSync('python3', ['-m', 'venv', folder], options);
  // Modules are run by `-m`: the scripts beside them name this folder, which is renamed.
  const flags = ['--quiet', '--disable-pip-version-check', '--no-input', '--only-binary', ':all:'];
  execFileSync(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...flags, ...PACKAGES], options);
}
