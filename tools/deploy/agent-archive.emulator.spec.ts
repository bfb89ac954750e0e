import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentArchive } from './agent-archive';
import type { AgentArchive, Architecture } from './agent-archive';

const HERE: Architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const ELSEWHERE: Architecture = HERE === 'arm64' ? 'x86_64' : 'arm64';

const files = (archive: AgentArchive): readonly string[] =>
  execFileSync('tar', ['-tzf', '-'], { input: archive.bytes, encoding: 'utf8' }).trim().split('\n');

let archive: AgentArchive;
beforeAll(() => {
  archive = agentArchive(HERE);
}, 120_000);

it('is named by its hash, and packed again is the same', () => {
  const hash = createHash('sha256').update(archive.bytes).digest('hex');
  expect(archive.key).toBe(`agent/${hash}.tar.gz`);
  expect(agentArchive(HERE).key).toBe(archive.key);
});

describe('unpacked where nothing else is', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'swe-agent-'));
    writeFileSync(join(folder, 'archive'), archive.bytes);
    execFileSync('tar', ['-xzf', 'archive'], { cwd: folder });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs its own Node, with nothing in its environment. */
  const node = (...args: string[]) =>
    spawnSync(join(folder, 'node'), args, { cwd: folder, env: {}, encoding: 'utf8' });

  it.each([
    ['a daemon', 'index.mjs', 'agent.misconfigured', 'SWE_SESSION_ID'],
    ['a shell host', 'shell-host/index.mjs', 'shell-host.failed', 'SWE_SHELL_SOCKET'],
  ])('it has %s that starts, and says what it is not told', (_, program, event, variable) => {
    const { status, stdout } = node(program);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ event, reason: expect.stringContaining(variable) });
  });

  it('measures a picture with the native library that it brings', () => {
    const [chunk] = readdirSync(folder).filter((name) => /^image-.*\.mjs$/.test(name));
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
    const script = `
      const { SharpImage } = await import(${JSON.stringify(join(folder, chunk ?? ''))});
      console.log(JSON.stringify(await new SharpImage().measure(Buffer.from('${pixel}', 'base64'))));`;
    const { stdout, stderr } = node('--input-type=module', '--eval', script);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ width: 1, height: 1, mediaType: 'image/png' });
  });

  it('has what systemd starts, and everything that the units name', () => {
    const units = readdirSync(folder).filter((name) => /\.(service|socket|nft)$/.test(name));
    const named = units.flatMap((unit) =>
      [
        ...execFileSync('cat', [join(folder, unit)], { encoding: 'utf8' }).matchAll(
          /\/opt\/swe-agent\/(\S+)/g,
        ),
      ].map(([, path = '']) => path),
    );
    expect(new Set(named)).toEqual(new Set(['start-agent', 'node', 'shell-host/index.mjs', 'metadata.nft']));
    expect(files(archive)).toEqual(expect.arrayContaining([...new Set(named)]));
    expect(files(archive)).not.toContain('boot');
  });
});

it('for another processor it has other packages, and the same programs', () => {
  const other = files(agentArchive(ELSEWHERE));
  const programs = (paths: readonly string[]) => paths.filter((path) => !path.startsWith('node_modules/'));
  expect(programs(other)).toEqual(programs(files(archive)));
  const cpu = { arm64: 'arm64', x86_64: 'x64' }[ELSEWHERE];
  expect(other).toContain(`node_modules/@vscode/ripgrep-linux-${cpu}/bin/rg`);
}, 180_000);
