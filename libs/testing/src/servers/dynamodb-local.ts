import { join } from 'node:path';
import { emulatorFolder, startEmulator } from './emulator';
import type { Emulator } from './emulator';
import { unpackNpmPackage } from './npm-package';

/** AWS's own DynamoDB Local, as AWS's package of this name carries it. Its licence allows tests, not redistribution. */
const PACKAGE = {
  name: 'amplify-dynamodb-simulator@2.9.30',
  integrity:
    'sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==',
  paths: ['emulator'],
};

/** Starts an empty DynamoDB Local, fetched from the npm registry when it is not there yet. Needs Java 17. */
export function openDynamoDbLocal(): Promise<Emulator> {
  const folder = emulatorFolder('dynamodb-local-2.9.30', (unfinished) =>
    unpackNpmPackage(unfinished, PACKAGE),
  );
  const options = ['-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx256m'];
  const jar = ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  return startEmulator(join(folder, 'package/emulator'), (port) => ({
    program: 'java',
    args: [...options, ...jar, '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
    // The flag alone still looks up a host of AWS.
    variables: { DDB_LOCAL_TELEMETRY: '0' },
  }));
}
