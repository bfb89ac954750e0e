import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openFauxqs, openLoopbackImds, useEmulator } from '@swe/testing/servers';
import type { LoopbackImds } from '@swe/testing/servers';

const WORKER = fileURLToPath(new URL('../../../infra/worker/', import.meta.url));
const UNITS = [
  'swe-agent.service',
  'swe-shell-host.service',
  'swe-shell-host.socket',
  'swe-tools-host.service',
  'swe-tools-host.socket',
];
const BUCKET = 'swe-boot';
const ORGANISATION = 'organisation.tar.gz';
const s3 = useEmulator(openFauxqs);

let folder: string;
let imds: LoopbackImds;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swe-boot-'));
  imds = await openLoopbackImds(() => ({}));
});
afterEach(async () => {
  await imds.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A program of the machine that notes how it was called, and ends with that code. */
function stub(name: string, exitCode = 0): void {
  const path = join(folder, 'bin', name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> '${folder}/calls'\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
}

/** Puts a program into the bucket, and gives its archive's bytes; its `start-agent` and its `install` note how they were called. */
async function deploy(bytes = archive(), organisation?: Buffer): Promise<void> {
  const hash = createHash('sha256').update(archive()).digest('hex');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: 'eu-west-1',
    credentials,
    forcePathStyle: true,
  });
  const Key = `agent/${hash}.tar.gz`;
  await client.send(new CreateBucketCommand({ Bucket: BUCKET })).catch(() => undefined);
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: bytes }));
  if (organisation !== undefined) {
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: ORGANISATION, Body: organisation }));
  }
  client.destroy();
  mkdirSync(join(folder, 'root/etc/swe-agent'), { recursive: true });
  const settings = [`SWE_BUCKET_NAME=${BUCKET}`, 'AWS_REGION=eu-west-1', `SWE_AGENT_ARCHIVE=${Key}`];
  if (organisation !== undefined) settings.push(`SWE_ORGANISATION_ARCHIVE=${ORGANISATION}`);
  writeFileSync(environmentFile(), `${settings.join('\n')}\n`, { mode: 0o644 });
}

const environmentFile = (): string => join(folder, 'root/etc/swe-agent/environment');

function archive(installs = 0): Buffer {
  const source = join(folder, 'source');
  if (!existsSync(source)) {
    mkdirSync(source);
    const note = `#!/bin/sh\necho "start-agent $*" >> '${folder}/calls'\n`;
    writeFileSync(join(source, 'start-agent'), note, { mode: 0o755 });
    const install = `#!/bin/sh\necho "install $*" >> '${folder}/calls'\nexit ${installs}\n`;
    writeFileSync(join(source, 'install'), install, { mode: 0o755 });
    execFileSync('cp', [...UNITS.map((unit) => join(WORKER, unit)), source]);
    execFileSync('tar', ['-czf', join(folder, 'archive'), '-C', source, '.']);
  }
  return readFileSync(join(folder, 'archive'));
}

async function boot() {
  const env = {
    PATH: [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    SWE_BOOT_ROOT: join(folder, 'root'),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
  };
  const ended = await promisify(execFile)(join(WORKER, 'boot'), [], { env }).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : '';
  const events = ended.stdout.split('\n').flatMap((line): readonly { event: string; phase: string }[] => {
    return line.startsWith('{') ? [JSON.parse(line)] : [];
  });
  return {
    exitCode: 'code' in ended ? ended.code : 0,
    phases: events.map(({ event, phase }) => `${event} ${phase}`),
    calls: calls.split('\n').filter((line) => line !== ''),
    stderr: ended.stderr,
  };
}

it('makes a machine a worker, telling the manager of each phase', async () => {
  stub('systemctl');
  await deploy();
  const { exitCode, phases, calls } = await boot();
  expect(phases).toEqual(
    ['program', 'packages', 'tools', 'users', 'service'].map((phase) => `boot.phase ${phase}`),
  );
  expect(exitCode).toBe(0);
  expect(calls.filter((call) => call === 'start-agent report-boot')).toHaveLength(5);
  expect(calls.filter((call) => call.startsWith('install '))).toEqual([
    'install packages',
    'install tools',
    'install users',
  ]);
  // The sockets first, which the daemon asks for.
  expect(calls.filter((call) => call.startsWith('systemctl enable'))).toEqual([
    'systemctl enable --now swe-shell-host.socket swe-tools-host.socket',
    'systemctl enable --now swe-agent.service',
  ]);
  expect(readdirSync(join(folder, 'root/etc/systemd/system')).toSorted()).toEqual(UNITS);
});

it('puts what the organisation tells its agents where the daemon reads it', async () => {
  stub('systemctl');
  mkdirSync(join(folder, 'organisation/agents'), { recursive: true });
  writeFileSync(join(folder, 'organisation/agents/reviewer.md'), 'Look.', { mode: 0o600 });
  execFileSync('tar', ['-czf', join(folder, 'told'), '-C', join(folder, 'organisation'), '.']);
  await deploy(archive(), readFileSync(join(folder, 'told')));
  const there = join(folder, 'root/etc/swe-agent/organisation');
  mkdirSync(there, { recursive: true });
  writeFileSync(join(there, 'old.md'), '');
  const { exitCode, phases } = await boot();
  expect(phases).toEqual([
    'boot.phase program',
    'boot.phase organisation',
    'boot.phase packages',
    'boot.phase tools',
    'boot.phase users',
    'boot.phase service',
  ]);
  expect(exitCode).toBe(0);
  expect(existsSync(join(there, 'old.md'))).toBe(false);
  expect(statSync(join(there, 'agents/reviewer.md')).mode & 0o777).toBe(0o644);
});

it('lets nobody else read what the daemon is told, and says when that cannot be read', async () => {
  await deploy();
  writeFileSync(environmentFile(), 'SWE_MODEL=bedrock/one, bedrock/two\n');
  const { exitCode, phases } = await boot();
  expect(phases).toEqual(['boot.failed settings']);
  expect(exitCode).not.toBe(0);
  expect(statSync(environmentFile()).mode & 0o777).toBe(0o600);
});

it('does not run a program that is not the one that was deployed', async () => {
  stub('systemctl');
  await deploy(Buffer.from('something else'));
  const { exitCode, phases, calls } = await boot();
  expect(phases).toEqual(['boot.failed program']);
  expect(exitCode).not.toBe(0);
  expect(calls).toEqual([]);
});

it('tells the manager which phase failed', async () => {
  stub('systemctl');
  await deploy(archive(100));
  const { exitCode, phases, calls } = await boot();
  expect(phases).toEqual(['boot.phase program', 'boot.failed packages']);
  expect(exitCode).not.toBe(0);
  expect(calls.at(-1)).toBe('start-agent report-boot-failure The phase packages of its first start failed.');
});
