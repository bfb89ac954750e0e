import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult, RunSpec } from '@swe/domain';
import { examineChange } from './examine-change';

let shop: string;
beforeEach(() => {
  shop = mkdtempSync(join(tmpdir(), 'swe-examine-'));
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  mkdirSync(join(shop, 'prüf "ung'));
  write('a.spec.ts', "it('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n");
  write('prüf "ung/b.spec.ts', "it('adds', () => {});\n");
  write('moved.spec.ts', "it('adds', () => {\n  expect(add(1, 2)).toBe(3);\n});\n".repeat(9));
  commit();
});
afterEach(() => rmSync(shop, { recursive: true }));

const env = { PATH: process.env['PATH'], HOME: '/nowhere', GIT_CONFIG_NOSYSTEM: '1' };
const start = (program: string, args: readonly string[]) =>
  spawnSync(program, args, { cwd: shop, env, encoding: 'utf8' });

function git(...args: readonly string[]): void {
  const { status, stderr } = start('git', args);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
const write = (name: string, content: string): void => writeFileSync(join(shop, name), content);
function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message=x');
}

const run = async ({ command, cwd, previewBytes }: RunSpec): Promise<RunResult> => {
  const [program, ...args] = 'argv' in command ? command.argv : ['false'];
  const { status, stdout } = start(program, args);
  const omittedBytes = Math.max(0, stdout.length - previewBytes);
  const head = stdout.slice(0, previewBytes);
  const output = { head, tail: '', omittedBytes, totalBytes: stdout.length, spoolPath: '', spooledBytes: 0 };
  return { end: 'exited', exitCode: status, signal: null, output, cwd, leftovers: 0, durationMs: 0 };
};
const examine = (range = 'HEAD~1..HEAD') =>
  examineChange({ run }, range, { cwd: shop, signal: new AbortController().signal });

it('finds what a change does to tests, whatever git is set to show', async () => {
  git('config', 'diff.noprefix', 'true');
  git('config', 'diff.external', 'false');
  git('config', 'diff.hidden.textconv', 'true');
  git('config', 'color.ui', 'always');
  git('config', 'core.quotePath', 'true');
  write('.gitattributes', '*.ts diff=hidden\n');
  write('a.spec.ts', "it.skip('adds', () => {\n});\n");
  rmSync(join(shop, 'prüf "ung/b.spec.ts'));
  git('mv', 'moved.spec.ts', 'elsewhere.spec.ts');
  commit();
  expect(await examine()).toEqual({
    isCut: false,
    findings: [
      { kind: 'tests-skipped', path: 'a.spec.ts', count: 1 },
      { kind: 'assertions-removed', path: 'a.spec.ts', count: 1 },
      { kind: 'tests-deleted', path: 'prüf "ung/b.spec.ts' },
    ],
  });
});

it('finds a test whose lines it is not shown', async () => {
  write('.gitattributes', '*.ts -diff\n');
  write('a.spec.ts', "it.skip('adds', () => {\n});\n");
  commit();
  expect((await examine()).findings).toEqual([{ kind: 'unreadable', path: 'a.spec.ts' }]);
});

it('says when there is more than it looks through', async () => {
  write('large.txt', 'x\n'.repeat(2_000_000));
  commit();
  expect(await examine()).toEqual({ isCut: true, findings: [] });
});

it('says when git can’t tell', async () => {
  expect(await examine(`${'f'.repeat(40)}..HEAD`)).toEqual({ isCut: true, findings: [] });
});
