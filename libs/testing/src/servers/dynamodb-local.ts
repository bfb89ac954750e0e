import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { emulatorFolder, startEmulator } from './emulator';
import type { Emulator } from './emulator';

/** AWS's own DynamoDB Local, as AWS's package of this name carries it. Its licence allows tests, not redistribution. */
const PACKAGE = 'amplify-dynamodb-simulator@2.9.30';
const INTEGRITY =
  'sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==';

/** Starts an empty DynamoDB Local, fetched from the npm registry when it is not there yet. Needs Java 17. */
export function openDynamoDbLocal(): Promise<Emulator> {
  const folder = emulatorFolder('dynamodb-local-2.9.30', unpack);
  const options = ['-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx256m'];
  const jar = ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  return startEmulator(join(folder, 'package/emulator'), (port) => ({
    program: 'java',
    args: [...options, ...jar, '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
    // The flag alone still looks up a host of AWS.
    variables: { DDB_LOCAL_TELEMETRY: '0' },
  }));
}

function unpack(folder: string): void {
  const packing = ['pack', PACKAGE, '--ignore-scripts', '--silent', '--prefer-offline'];
  const tarball = join(folder, execFileSync('npm', packing, { cwd: folder, encoding: 'utf8' }).trim());
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== INTEGRITY) throw new Error(`${tarball} is not what was expected, but ${found}`);
  execFileSync('tar', ['-xzf', tarball, '-C', folder, 'package/emulator']);
  rmSync(tarball);
}
