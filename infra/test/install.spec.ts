import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const INSTALL = fileURLToPath(new URL('../worker/install', import.meta.url));
const script = readFileSync(INSTALL, 'utf8');
const STUBBED = ['apt-get', 'dpkg-statoverride', 'id', 'sleep', 'systemctl', 'useradd'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-install-'));
  mkdirSync(join(folder, 'bin'));
  for (const name of STUBBED) stub(name, name === 'id' || name === 'dpkg-statoverride' ? 1 : 0);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of the machine that notes how it was called, and ends with that code. */
function stub(name: string, exitCode: number, body = ''): void {
  const noted = `#!/bin/sh\necho "${name} $*" >> '${folder}/calls'\n${body}\nexit ${exitCode}\n`;
  writeFileSync(join(folder, 'bin', name), noted, { mode: 0o755 });
}

function install(...phases: string[]) {
  rmSync(join(folder, 'calls'), { force: true });
  const path = [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
  const { status, stderr } = spawnSync(INSTALL, phases, {
    env: { PATH: path, SWE_BOOT_ROOT: join(folder, 'root') },
    encoding: 'utf8',
  });
  const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : '';
  return { status, stderr, calls: calls.split('\n').filter((line) => line !== '') };
}

it('has what the agent works with', () => {
  const { status, calls } = install('packages');
  expect(status).toBe(0);
  const words = calls.join(' ').split(/\s+/);
  const wanted = [
    'git',
    'git-lfs',
    'ripgrep',
    'python3',
    'build-essential',
    'podman',
    'bubblewrap',
    'nftables',
  ];
  expect(words).toEqual(expect.arrayContaining(wanted));
});

it('waits while the system updates its lists of packages, which fails whoever does so beside it', () => {
  // Until the third try.
  const isHeld = `[ "$(grep -c update '${folder}/calls')" -ge 3 ] || exit 100`;
  stub('apt-get', 0, `case "$*" in *update) ${isHeld};; esac`);
  const { status, calls } = install('packages');
  expect(status).toBe(0);
  expect(calls.map((call) => call.split(' ')[0])).toEqual([
    'apt-get',
    'sleep',
    'apt-get',
    'sleep',
    'apt-get',
    'apt-get',
  ]);
});

it('makes a user each for the daemon, the shell and tools with secrets, and keeps containers to the shell', () => {
  stub('dpkg-statoverride', 1, '[ "$1" = --list ] || exit 0');
  const { status, calls } = install('users');
  expect(status).toBe(0);
  const users = calls.flatMap((call) => /^useradd .* (\S+)$/.exec(call)?.[1] ?? []);
  expect(users).toEqual(['swe-agent', 'swe-shell', 'swe-tools']);
  expect(calls.filter((call) => call.startsWith('dpkg-statoverride --force'))).toEqual([
    'dpkg-statoverride --force-statoverride-add --update --add root swe-shell 0750 /usr/bin/podman',
  ]);
  expect(calls.at(-1)).toMatch(/^systemctl .*mask .*podman\.socket/);
});

describe('what was done', () => {
  const phases = ['packages'];

  it('is not done again, by this very script', () => {
    expect(install(...phases).calls).not.toEqual([]);
    expect(install(...phases)).toMatchObject({ status: 0, calls: [] });
    const done = join(folder, 'root/usr/local/share/swe-worker');
    expect(readdirSync(done)).toEqual(phases);
    writeFileSync(join(done, 'packages'), 'by another one\n');
    expect(install(...phases).calls).not.toEqual([]);
  });

  it('in part is done again', () => {
    stub('apt-get', 100);
    expect(install(...phases).status).not.toBe(0);
    stub('apt-get', 0);
    expect(install(...phases).calls).not.toEqual([]);
  });
});

it('takes no program that is not the one that was meant', () => {
  stub('curl', 0, 'while [ "$1" != --output ]; do shift; done; echo something >"$2"');
  const { status, stderr } = install('tools');
  expect(status).not.toBe(0);
  expect(stderr).toContain('WARNING: 1 computed checksum did NOT match');
  expect(existsSync(join(folder, 'root/usr/local/lib/node'))).toBe(false);
});

it('unpacks what it fetched, and links it', () => {
  mkdirSync(join(folder, 'package/bin'), { recursive: true });
  for (const name of ['node', 'npm-cli.js', 'npx-cli.js'])
    writeFileSync(join(folder, 'package/bin', name), name);
  execFileSync('tar', ['-czf', 'archive', 'package'], { cwd: folder });
  const sha512 = createHash('sha512')
    .update(readFileSync(join(folder, 'archive')))
    .digest('hex');
  const here = join(folder, 'install');
  writeFileSync(here, script.replace(/\b[0-9a-f]{128}\b/g, sha512), { mode: 0o755 });
  stub('curl', 0, `while [ "$1" != --output ]; do shift; done; cp '${folder}/archive' "$2"`);
  // A virtual environment, whose pip is asked for what has the hash.
  const pip = `cat >>'${folder}/calls'; touch "$0"`;
  stub(
    'python3',
    0,
    `mkdir -p "$3/bin"; printf '#!/bin/sh\\n${pip.replace(/'/g, "'\\''")}\\n' >"$3/bin/pip"; chmod 755 "$3/bin/pip"`,
  );
  const path = [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
  const root = join(folder, 'root');
  const { status, stderr } = spawnSync(here, ['tools'], {
    env: { PATH: path, SWE_BOOT_ROOT: root },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  for (const [name, file] of [
    ['node', 'node'],
    ['npm', 'npm-cli.js'],
    ['npx', 'npx-cli.js'],
  ] as const) {
    expect(readFileSync(join(root, 'usr/local/bin', name), 'utf8')).toBe(file);
  }
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toMatch(/^uv==[\d.]+ --hash=sha256:[0-9a-f]{64}$/m);
});

it('has the daemon’s Node', () => {
  const { packages } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8'),
  ) as { packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>> };
  for (const cpu of ['arm64', 'x64']) {
    const { version, integrity } = packages[`node_modules/node-linux-${cpu}`]!;
    const sha512 = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
    expect(script).toContain(`\nnode=${version}\n`);
    expect(script).toContain(`\nnode_${cpu}=${sha512}\n`);
  }
});
