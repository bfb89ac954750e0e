import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BaseBranches } from './find-workflow-change';
import { changeJudge } from './judge-change';
import { WorkingCopyObjects } from './working-copy-objects';

const REPOSITORY = 'https://github.com/acme/shop';
const REF = 'refs/heads/swe/x';
const { signal } = new AbortController();
const TEST = 'src/cart.spec.ts';
const STRICT = "it('adds', () => {\n  expect(sum(1, 2)).toBe(3);\n});\n";
const SKIPPED = STRICT.replace('it(', 'it.skip(');
const LOOSE = STRICT.replace('toBe(3)', 'toBeDefined()');

let folder: string;
let copy: string;
let isRepair: boolean;
/** The base branch as the host has it, which the copy may say something else of. */
let onHost: readonly string[] | undefined;
/** What the host has at the session's branch. */
let pushed: string;

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: copy, encoding: 'utf8', stdio: 'pipe' }).trim();
}
function commit(path: string, content: string | Buffer): string {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), content);
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', path);
  return git('rev-parse', 'HEAD');
}
function commitAfter(...args: readonly string[]): string {
  git(...args);
  return commit('a', '1');
}
/** A loose object that says what it is not. */
function plant(where: string, id: string, type: string, content: Buffer): void {
  const file = join(where, '.git/objects', id.slice(0, 2), id.slice(2));
  rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])));
}

const branches: BaseBranches = {
  baseBranch: async () => (onHost === undefined ? undefined : 'main'),
  isOnBranch: async (_repository, _branch, id) => onHost?.includes(id) === true,
};
/** Why a push of `newId` over `oldId` is refused; undefined when it is not. */
async function refusalOf(newId: string, oldId = pushed): Promise<string | undefined> {
  const at = { stateDirectory: join(folder, 'state'), environment: { PATH: process.env['PATH'] ?? '' } };
  const objects = new WorkingCopyObjects({ root: join(folder, 'workspace'), ...at });
  const judge = changeJudge({ ...at, objects, branches, isRepair: () => isRepair });
  const [decision] = await judge(REPOSITORY, [{ ref: REF, oldId, newId }], signal);
  return decision?.refusal;
}
const NONE = '0'.repeat(40);

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'judge-change-')));
  copy = join(folder, 'workspace/shop');
  mkdirSync(copy, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  onHost = [commit('README.md', '1')];
  git('checkout', '--quiet', '-b', 'work');
  pushed = commit(TEST, STRICT);
  isRepair = true;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a repair', () => {
  it.each<[string, () => string, string]>([
    ['skips a test', () => commit(TEST, SKIPPED), `tests skipped or left out: \`${TEST}\` (1)`],
    ['loosens an assertion', () => commit(TEST, LOOSE), `assertions loosened: \`${TEST}\` (1)`],
    ['has an assertion less', () => commit(TEST, "it('adds', () => {});\n"), 'assertions removed'],
    ['deletes a test', () => commitAfter('rm', '--quiet', TEST), `tests deleted: \`${TEST}\``],
    ['renames one to none', () => commitAfter('mv', TEST, 'src/cart.ts'), `tests deleted: \`${TEST}\``],
    [
      'puts a submodule in its place',
      () => {
        git('rm', '--quiet', '-r', 'src');
        git('update-index', '--add', '--cacheinfo', `160000,${pushed},src`);
        git('commit', '--quiet', '--message', 'x');
        return git('rev-parse', 'HEAD');
      },
      `tests deleted: \`${TEST}\``,
    ],
    ['changes a workflow', () => commit('.circleci/config.yml', 'x'), 'workflow changed'],
    [
      'hides it by attributes',
      () => (commit('.gitattributes', '*.ts binary\n'), commit(TEST, SKIPPED)),
      'tests skipped',
    ],
    ['hides it behind a later commit', () => (commit(TEST, SKIPPED), commit('b', '')), 'tests skipped'],
    [
      'says so in a name that has to be quoted',
      () => commit('te "st\n\\ü.spec.ts', SKIPPED),
      'tests skipped or left out',
    ],
  ])('that %s is refused', async (_name, make, says) => {
    const head = make();
    const refusal = await refusalOf(head);
    expect(refusal).toContain('failed checks are being repaired, and this would make them say less');
    expect(refusal).toContain(says);
    expect(refusal).not.toContain('\n');
    isRepair = false;
    expect(await refusalOf(head)).toBeUndefined();
    expect(readdirSync(join(folder, 'state'))).toEqual(['empty-sha1.git']);
  });

  it('of the code may be pushed, with tests that are moved, added and edited', async () => {
    git('mv', TEST, 'src/basket.spec.ts');
    commit('src/basket.spec.ts', STRICT.replace('adds', 'sums'));
    commit('src/more.spec.ts', STRICT);
    git('mv', 'src', 'lib');
    commit('src', 'no folder any more');
    // More than is read of all others, and none of it can bear on checks.
    const head = commit('lib/large.bin', Buffer.alloc(17 << 20));
    expect(await refusalOf(head)).toBeUndefined();
  });

  it('that forces an older commit is seen as what it takes away', async () => {
    expect(await refusalOf(git('rev-parse', 'main'))).toContain(`tests deleted: \`${TEST}\``);
  });

  it('in a repository of SHA-256 is judged as well', async () => {
    copy = join(folder, 'workspace/sha256');
    mkdirSync(copy);
    git('init', '--quiet', '--object-format=sha256');
    pushed = commit(TEST, STRICT);
    expect(pushed).toHaveLength(64);
    expect(await refusalOf(commit(TEST, SKIPPED))).toContain('tests skipped');
  });
});

describe('a new branch in a repair', () => {
  it('is compared with what it starts from', async () => {
    onHost = [...(onHost ?? []), pushed];
    expect(await refusalOf(commit('b', '1'), NONE)).toBeUndefined();
    expect(await refusalOf(commit(TEST, SKIPPED), NONE)).toContain('tests skipped');
  });

  it('starts where the host says, whatever the clone names', async () => {
    onHost = [...(onHost ?? []), pushed];
    const head = commitAfter('rm', '--quiet', TEST);
    git('update-ref', 'refs/remotes/origin/main', 'main');
    expect(await refusalOf(head, NONE)).toContain('tests deleted');
    // Nor does a way to something older make it a start.
    const args = ['commit-tree', '-p', 'main', '-p', head, '-m', 'x', `${head}^{tree}`];
    expect(await refusalOf(git(...args), NONE)).toContain('tests deleted');
  });

  it('of a repository without a commit takes nothing away', async () => {
    onHost = undefined;
    expect(await refusalOf(pushed, NONE)).toBeUndefined();
  });

  it('with more commits than can be looked through is refused', async () => {
    onHost = [];
    for (let at = 0; at < 60; at += 1) git('commit', '--quiet', '--allow-empty', '--message', 'x');
    await expect(refusalOf(git('rev-parse', 'HEAD'), NONE)).rejects.toThrow(
      'push to the branch whose checks',
    );
  });
});

describe('what cannot be seen in a repair is refused', () => {
  it.each(['blob', 'tree', 'commit'])('as a %s that lies about its id', async (type) => {
    const head = commit(TEST, SKIPPED);
    const names: Readonly<Record<string, string>> = { blob: `:${TEST}`, tree: '^{tree}', commit: '' };
    const name = names[type] ?? '';
    const truth = execFileSync('git', ['cat-file', type, `${pushed}${name}`], { cwd: copy });
    plant(copy, git('rev-parse', `${head}${name}`), type, truth);
    await expect(refusalOf(head)).rejects.toThrow('it cannot be seen what this does');
  });

  it('as a commit that no working copy has, with what to do', async () => {
    const how = /is not in a working copy.*Fetch the branch.*push from a clone.*ask_user/;
    await expect(refusalOf('d'.repeat(40))).rejects.toThrow(how);
    await expect(refusalOf(pushed, 'd'.repeat(40))).rejects.toThrow(how);
  });

  it('as what a partial clone lacks, until git has fetched it', async () => {
    const [origin, head] = [copy, commitAfter('rm', '--quiet', TEST)];
    git('config', 'uploadpack.allowFilter', 'true');
    git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    copy = join(folder, 'workspace/partial');
    mkdirSync(copy);
    git('clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${origin}`, '.');
    // Out of the workspace, where git still finds it.
    const moved = join(folder, 'origin');
    execFileSync('mv', [origin, moved]);
    git('remote', 'set-url', 'origin', `file://${moved}`);
    await expect(refusalOf(head)).rejects.toThrow(
      `git diff ${pushed.slice(0, 12)} ${head.slice(0, 12)} there fetches it`,
    );
    git('diff', pushed, head);
    expect(await refusalOf(head)).toContain(`tests deleted: \`${TEST}\``);
  });

  it.each<[string, (tree: Buffer) => Buffer, string]>([
    ['a name twice', (tree) => Buffer.concat([tree, tree]), 'it cannot be seen what this does'],
    [
      'a name that is none',
      (tree) => Buffer.concat([Buffer.from('100644 \0'), tree.subarray(-20), tree]),
      'put back what is unusual',
    ],
  ])('as a tree with %s', async (_name, change, says) => {
    const tree = execFileSync('git', ['cat-file', 'tree', 'HEAD:src'], { cwd: copy });
    const args = ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'];
    const odd = execFileSync('git', args, { cwd: copy, input: change(tree), encoding: 'utf8' }).trim();
    const list = `040000 tree ${odd}\ttests\n`;
    const root = execFileSync('git', ['mktree'], { cwd: copy, input: list, encoding: 'utf8' }).trim();
    const head = git('commit-tree', '-p', pushed, '-m', 'x', root);
    await expect(refusalOf(head)).rejects.toThrow(says);
  });

  it('as more than can be looked through', async () => {
    const line = (at: number): string => `expect(${at}).toBe(${at});`;
    const long = Array.from({ length: 120_000 }, (_, at) => line(at)).join('\n');
    expect(await refusalOf(commit('src/large.spec.ts', long))).toContain('more than could be looked through');
    for (let at = 0; at < 3; at += 1) commit(`src/${at}.spec.ts`, Buffer.alloc(15 << 20, at));
    await expect(refusalOf(git('rev-parse', 'HEAD'))).rejects.toThrow('push it in smaller steps');
  });
});
