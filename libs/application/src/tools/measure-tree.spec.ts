import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@swe/domain';
import type { RunResult, RunSpec } from '@swe/domain';
import { measureTree } from './measure-tree';

let folder: string;
let shop: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-measure-')));
  shop = join(folder, 'shop');
  mkdirSync(join(shop, 'lib'), { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  write('a.txt', 'one\n');
  write('.gitignore', 'ignored\n');
  commit();
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env['PATH'], HOME: '/nowhere', GIT_CONFIG_NOSYSTEM: '1' };

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: shop, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}
const write = (name: string, content: string): void => writeFileSync(join(shop, name), content);
function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message=x', '--no-verify');
}
const headTree = (): string => git('rev-parse', 'HEAD^{tree}');

const run = async ({ command, cwd }: RunSpec): Promise<RunResult> => {
  if (!('script' in command)) throw new Error('a program was asked for');
  if (!existsSync(cwd)) throw new Fault('missing', 'gone');
  const { status, stdout } = spawnSync('bash', ['-c', command.script], { cwd, env, encoding: 'utf8' });
  const spool = { omittedBytes: 0, totalBytes: stdout.length, spoolPath: '', spooledBytes: stdout.length };
  const output = { head: stdout, tail: '', ...spool };
  return { end: 'exited', exitCode: status, signal: null, output, cwd, leftovers: 0, durationMs: 0 };
};
const measure = (cwd = shop) => measureTree({ run }, cwd, new AbortController().signal);

describe('the tree of a working copy', () => {
  it('is that of its commit when nothing is changed', async () => {
    expect(await measure()).toEqual({ workingCopy: shop, tree: headTree() });
    expect(await measure(join(shop, 'lib'))).toEqual({ workingCopy: shop, tree: headTree() });
  });

  it('is what a commit of all that is changed would have', async () => {
    write('a.txt', 'two\n');
    write('new.txt', 'new\n');
    write('ignored', 'x');
    const { tree } = await measure();
    commit();
    expect(tree).toBe(headTree());
  });

  it('sees a file that changed without growing right after it was staged', async () => {
    for (let i = 0; i < 20; i += 1) {
      write('a.txt', `${100 + i}\n`);
      git('add', '--all');
      write('a.txt', `${200 + i}\n`);
      const { tree } = await measure();
      git('add', '--all');
      expect(tree).toBe(git('write-tree'));
    }
  });

  it('is taken without a trace', async () => {
    write('a.txt', 'two\n');
    write('new.txt', 'new\n');
    const index = readFileSync(join(shop, '.git/index'));
    const objects = git('count-objects');
    await measure();
    expect(readFileSync(join(shop, '.git/index'))).toEqual(index);
    expect(git('count-objects')).toBe(objects);
    expect(git('status', '--porcelain')).toBe('M a.txt\n?? new.txt');
  });

  it('is taken without anything that the repository names', async () => {
    const trap = join(folder, 'trap');
    writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> ${folder}/sprung\ncat\n`, { mode: 0o755 });
    for (const filter of ['odd', 'with.dots and spaces']) {
      git('config', `filter.${filter}.clean`, trap);
      git('config', `filter.${filter}.process`, trap);
      git('config', `filter.${filter}.required`, 'true');
    }
    git('config', 'core.fsmonitor', trap);
    git('config', 'core.hooksPath', folder);
    writeFileSync(join(folder, 'post-index-change'), readFileSync(trap), { mode: 0o755 });
    write('.gitattributes', '*.txt filter=odd\n');
    write('a.txt', 'two\n');
    expect((await measure()).tree).toMatch(/^[0-9a-f]{40}$/);
    expect(existsSync(join(folder, 'sprung'))).toBe(false);
  });

  it('keeps to the line ends that git would store', async () => {
    write('.gitattributes', '* text=auto\n');
    commit();
    write('a.txt', 'two\r\n');
    const { tree } = await measure();
    commit();
    expect(tree).toBe(headTree());
  });

  it('is there before the first commit', async () => {
    rmSync(join(shop, '.git'), { recursive: true });
    git('init', '--quiet', '--initial-branch=main');
    const { tree } = await measure();
    git('add', '--all');
    expect(tree).toBe(git('write-tree'));
  });
});

describe('nothing is told', () => {
  it.each(['.', 'gone'])('of a folder that is no working copy (%s)', async (name) => {
    expect(await measure(join(folder, name))).toEqual({});
  });

  it('of the tree of a working copy that git can’t read', async () => {
    appendFileSync(join(shop, '.git/index'), 'x');
    writeFileSync(join(shop, '.git/index'), 'no index');
    expect(await measure()).toEqual({ workingCopy: shop });
  });
});
