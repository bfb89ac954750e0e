import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lastResults } from '@swe/testing/servers';
import { openMachineCloud } from './machine/machine-cloud';
import type { MachineCloud } from './machine/machine-cloud';
import { startSystemMachine, until, whyNoSystem } from './machine/system-machine';
import type { SystemMachine } from './machine/system-machine';
import { bash, played } from './scripted-model';

const worker = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../infra/worker/${name}`, import.meta.url)), 'utf8');
const [BOOT, INSTALL] = [worker('boot'), worker('install')];
const UNITS = [
  'swe-agent.service',
  'swe-shell-host.socket',
  'swe-shell-host.service',
  'swe-tools-host.socket',
];
/** A variable of the daemon's, whose value is nowhere else. */
const CANARY = 'SLACK_BOT_TOKEN';
const METADATA = ['http://169.254.169.254', 'http://[fd00:ec2::254]'];

const reason = whyNoSystem();
const systems = reason === undefined ? describe : describe.skip;

systems(`a machine of its own${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let folder: string;
  let cloud: MachineCloud;
  let machine: SystemMachine;
  let bootLog: string;
  const shellSaw: string[] = [];

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-machine-')));
    cloud = await openMachineCloud(
      folder,
      played(function* () {
        const look = `id -un; ${METADATA.map((at) => `${ask(at).join(' ')} || echo "refused $?"`).join('; ')}`;
        shellSaw.push(...lastResults(yield { calls: [bash(`${look}; cat /etc/swe-agent/environment`)] }));
        yield { say: 'I have looked around.' };
      }),
    );
    machine = await startSystemMachine(folder, cloud.reached);
    // As an image has it that was made by the same script: here it is what this machine has.
    const installed = `${createHash('sha256').update(INSTALL).digest('hex')}  -\n`;
    for (const phase of ['packages', 'tools']) {
      await machine.write(`/usr/local/share/swe-worker/${phase}`, installed);
    }
    await machine.stub('dpkg-statoverride', 'exit 0');
    await machine.write('/etc/swe-agent/environment', environmentOf(cloud.env));
    await machine.write('/usr/local/sbin/swe-boot', BOOT, '0700');
    const { exitCode, stdout, stderr } = await machine.run(['env', 'HOME=/root', '/usr/local/sbin/swe-boot']);
    bootLog = stdout + stderr;
    if (exitCode !== 0) throw new Error(`${bootLog}\n${await journal()}`);
    await until(async () => cloud.said().some((text) => text.includes('I have looked around.')));
  });
  afterAll(async () => {
    await machine?.close();
    await cloud?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const journal = async () => (await machine.run(['journalctl', '--no-pager', '--output=cat'])).stdout;
  const pidOf = async (unit: string) => {
    const { stdout } = await machine.run(['systemctl', 'show', '--property=MainPID', '--value', unit]);
    return stdout.trim();
  };
  const as = (user: string, ...argv: string[]) => machine.run(argv, { user });

  it('says of each phase how long it took', () => {
    const events = bootLog.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
    expect(events).toEqual(
      ['program', 'packages', 'tools', 'users', 'service'].map((phase) => ({
        event: 'boot.phase',
        phase,
        seconds: expect.any(Number),
      })),
    );
  });

  it('runs the units, each as its user', async () => {
    for (const unit of UNITS) {
      expect([unit, (await machine.run(['systemctl', 'is-active', unit])).stdout]).toEqual([
        unit,
        'active\n',
      ]);
    }
    const users = async (unit: string) => {
      const { stdout } = await machine.run(['ps', '-o', 'user:20=', '-p', await pidOf(unit)]);
      return stdout.trim();
    };
    expect(await users('swe-agent.service')).toBe('swe-agent');
    expect(await users('swe-shell-host.service')).toBe('swe-shell');
  });

  it('serves its session with the role that its own role may take', () => {
    expect(cloud.taken).toBeGreaterThan(0);
    expect(cloud.said().join('\n')).toContain('I have looked around.');
  });

  it.each(METADATA)('lets the daemon and root ask %s, and no one who runs what a model says', async (at) => {
    for (const user of ['swe-agent', 'root']) {
      expect(await as(user, ...ask(at))).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
    for (const user of ['swe-shell', 'swe-tools']) {
      // 7: https://curl.se/docs/manpage.html#EXIT, refused at once, and not waited for in vain.
      expect([user, await as(user, ...ask(at))]).toEqual([
        user,
        expect.objectContaining({ exitCode: 7, stdout: '' }),
      ]);
    }
  });

  it('keeps them from it by the rules of the firewall, which whoever starts the units loads', async () => {
    const isRefused = async () => (await as('swe-shell', ...ask(METADATA[0]!))).exitCode !== 0;
    await machine.run(['nft', 'delete', 'table', 'inet', 'swe_metadata']);
    expect(await isRefused()).toBe(false);
    await machine.run(['systemctl', 'restart', 'swe-shell-host.service']);
    expect(await isRefused()).toBe(true);
  });

  it('shows the agent’s shell neither the metadata service nor what the daemon is told', () => {
    const seen = shellSaw.join('\n');
    expect(seen).toContain('swe-shell');
    expect(seen.match(/refused 7/g)).toHaveLength(2);
    expect(seen).toContain('Permission denied');
    expect(seen).not.toContain(cloud.env[CANARY]);
  });

  it.each(['swe-shell', 'swe-tools'])('keeps from %s what is the daemon’s', async (user) => {
    const pid = await pidOf('swe-agent.service');
    const proc = `/proc/${pid}`;
    const other = user === 'swe-shell' ? '/var/lib/swe-tools' : '/var/lib/swe-shell';
    for (const path of ['/etc/swe-agent/environment', `${proc}/environ`, `${proc}/mem`, `${proc}/fd/0`]) {
      expect([path, (await as(user, 'head', '--bytes=1', path)).exitCode]).toEqual([path, 1]);
    }
    for (const path of ['/var/lib/swe-agent', ...(user === 'swe-shell' ? [] : [other])]) {
      expect([path, (await as(user, 'ls', path)).exitCode]).toEqual([path, 2]);
    }
    const connect = 'import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])';
    for (const name of ['shell', 'tools']) {
      const { stderr } = await as(user, 'python3', '-c', connect, `/run/swe-${name}-host.sock`);
      expect(stderr).toContain('PermissionError');
    }
    expect((await as(user, 'kill', '-0', pid)).exitCode).not.toBe(0);
    expect((await as(user, 'nft', 'flush', 'ruleset')).exitCode).not.toBe(0);
  });

  it('leaves nothing of it on this machine', () => {
    expect(() => execFileSync('id', ['swe-agent'], { stdio: 'ignore' })).toThrow();
  });
});

const ask = (at: string): readonly string[] => [
  ...['curl', '--silent', '--max-time', '10', '--request', 'PUT'],
  ...['--header', 'X-aws-ec2-metadata-token-ttl-seconds:60'],
  `${at}/latest/api/token`,
];

const environmentOf = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
