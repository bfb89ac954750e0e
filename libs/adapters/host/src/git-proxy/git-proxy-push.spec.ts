import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gitWith, openGitSession } from '@swe/testing/servers';
import type { GitProxyOptions } from './git-proxy';
import { BRANCH, openProxyFor, SESSION } from './git-proxy-fixture';

const PATH = process.env['PATH'] ?? '';
const openWorld = (change: Partial<GitProxyOptions> = {}) =>
  openGitSession({ path: PATH, branch: BRANCH }, (parts) => openProxyFor(parts, change));
let world: Awaited<ReturnType<typeof openWorld>>;

const push = (...args: readonly string[]) => world.git('shop', 'push', 'origin', ...args);
const CI = '.github/workflows/ci.yml';
const evented = (event: string) =>
  world.facts.filter((fact) => fact.event === event).map(({ fields }) => fields);

describe("what is not the session's, refused in words", () => {
  let before: unknown;
  const refsOfHost = () => gitWith({ PATH }, world.pathOf('acme/shop'), ['for-each-ref']);
  // Nothing of it changes anything, so it is all tried on one.
  beforeAll(async () => {
    world = await openWorld();
    await world.clone();
    await world.commit('shop', 'a', '1');
    await world.git('shop', 'tag', 'v1');
    await gitWith({ PATH }, world.pathOf('acme/shop'), ['branch', `${BRANCH}-old`, 'main']);
    before = await refsOfHost();
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  it.each<[string, readonly string[], string]>([
    ['main', ['HEAD:main'], 'may push only its own branches'],
    ['main by force', ['--force', 'HEAD~2:main'], 'may push only its own branches'],
    ['another branch', ['HEAD:feature'], 'may push only its own branches'],
    ["another session's branch", [`HEAD:swe/${SESSION}x`], 'may push only its own branches'],
    ['a tag', ['v1'], 'tags are not pushed from here'],
    ['the deletion of main', [':main'], 'no branch or tag is deleted from here'],
    ['the deletion of its own branch', [`:${BRANCH}-old`], 'no branch or tag is deleted from here'],
    ['a name that is no plain one', [`HEAD:${BRANCH}-é`], 'letters, digits'],
    ['notes', ['HEAD:refs/notes/commits'], 'only branches are pushed from here'],
    ['all it has', ['--mirror'], 'because another ref of this push is refused'],
  ])('%s', async (_name, args, says) => {
    const told = evented('git.refused').length;
    const { code, err } = await push(...args);
    expect(code).toBe(1);
    expect(err).toContain('! [remote rejected]');
    expect(err).toContain(says);
    expect(await refsOfHost()).toEqual(before);
    expect(evented('git.refused')).toHaveLength(told + 1);
    expect(evented('git.pushed')).toEqual([]);
  });
});

describe('pushing through the git proxy', () => {
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  it("the session's branch arrives, new, forward and by force", async () => {
    await world.clone();
    const first = await world.commit('shop', 'a', '1');
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    const second = await world.commit('shop', 'a', '2');
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe(second);
    await world.git('shop', 'reset', '--quiet', '--hard', first);
    await world.commit('shop', 'a', '3');
    expect((await push(BRANCH)).err).toContain('non-fast-forward');
    expect(await push('--force', BRANCH)).toMatchObject({ code: 0 });
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe(
      (await world.git('shop', 'rev-parse', 'HEAD')).out,
    );
    expect(evented('git.pushed')).toEqual(
      Array(3).fill({ repository: world.urlOf('acme/shop'), refs: [`refs/heads/${BRANCH}`] }),
    );
    expect(evented('git.refused')).toEqual([]);
  });

  it('several of its branches arrive at once, by a shallow clone too', async () => {
    await world.clone('shop', '--depth=1');
    await world.commit('shop', 'a', '1');
    const names = Array.from({ length: 40 }, (_, at) => `${BRANCH}-${at}`);
    expect(await push(...names.map((name) => `HEAD:refs/heads/${name}`))).toMatchObject({ code: 0 });
    expect(await world.headOf(`refs/heads/${BRANCH}-39`)).not.toBe('');
  });

  it('forty refs with one among them that is not its own are all kept back', async () => {
    await world.clone();
    await world.commit('shop', 'a', '1');
    const names = Array.from({ length: 39 }, (_, at) => `HEAD:refs/heads/${BRANCH}-${at}`);
    const { code, err } = await push(...names, 'HEAD:main');
    expect(code).toBe(1);
    expect(err.match(/because another ref of this push is refused/g)).toHaveLength(39);
    expect(err).toMatch(/HEAD -> main \(this session may push only its own branches/);
    expect(await world.headOf(`refs/heads/${BRANCH}-0`)).toBe('');
  });

  it('push options are refused', async () => {
    await gitWith({ PATH }, world.pathOf('acme/shop'), ['config', 'receive.advertisePushOptions', 'true']);
    await world.clone();
    await world.commit('shop', 'a', '1');
    const { err } = await push('--push-option=repo.private=false', BRANCH);
    expect(err).toContain('push options are not handed on');
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe('');
  });

  it('a signed push is refused', async () => {
    await gitWith({ PATH }, world.pathOf('acme/shop'), ['config', 'receive.certNonceSeed', 'x']);
    await world.clone();
    await world.commit('shop', 'a', '1');
    const signer = join(world.workspace, 'signer');
    writeFileSync(signer, '#!/bin/sh\ncat > /dev/null\necho "[GNUPG:] SIG_CREATED " >&2\necho signature\n', {
      mode: 0o755,
    });
    const args = ['-c', `gpg.program=${signer}`, 'push', '--signed', 'origin', BRANCH];
    const { code, err } = await world.git('shop', ...args);
    expect(code).not.toBe(0);
    expect(err).toContain('remote: signed pushes are not taken: push without --signed');
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe('');
  });

  it('other repositories are not pushed to', async () => {
    await world.clone();
    for (const name of ['public/lib', 'acme/other']) {
      const { code, err } = await world.git('shop', 'push', world.urlOf(name), BRANCH);
      expect(code).toBe(128);
      expect(err).toContain("none of this session's repositories, so nothing is pushed to it");
    }
    expect(world.host.requests.filter(({ access }) => access === 'push')).toEqual([]);
  });

  it('what git sends in pieces arrives, and is refused, as well', async () => {
    await world.clone();
    await world.commit('shop', 'big', randomBytes(8 << 20));
    expect((await push('HEAD:main')).err).toContain('may push only its own branches');
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    expect(await world.headOf(`refs/heads/${BRANCH}`)).not.toBe('');
  });

  it('a repository of SHA-256 is pushed to', async () => {
    const bare = world.pathOf('acme/shop');
    rmSync(bare, { recursive: true });
    await gitWith({ PATH }, world.workspace, [
      'init',
      '-q',
      '--bare',
      '--object-format=sha256',
      '-b',
      'main',
      bare,
    ]);
    await world.git('.', 'init', '--quiet', '--object-format=sha256', 'shop');
    await world.commit('shop', 'a', '1');
    await world.git('shop', 'push', bare, 'HEAD:main');
    await world.git('shop', 'remote', 'add', 'origin', world.urlOf('acme/shop'));
    expect(await world.git('shop', 'fetch', '--quiet')).toMatchObject({ code: 0 });
    const head = await world.commit('shop', 'a', '2');
    expect(head).toHaveLength(64);
    expect(await push(`HEAD:${BRANCH}`)).toMatchObject({ code: 0 });
  });

  it('a credential that ends between the requests of a push is asked for anew', async () => {
    await world.clone();
    await world.commit('shop', 'a', '1');
    const hook = join(world.workspace, 'shop/.git/hooks/pre-push');
    const sync = join(world.workspace, 'sync');
    // Git runs it once it has seen the refs, before it sends anything.
    writeFileSync(hook, `#!/bin/sh\ntouch ${sync}.seen\nwhile ! test -e ${sync}.go; do :; done\n`, {
      mode: 0o755,
    });
    const pushing = push(BRANCH);
    while (!readdirSync(world.workspace).includes('sync.seen'))
      await new Promise((resolve) => setImmediate(resolve));
    const before = world.credentials.issued.length;
    world.credentials.revoke();
    writeFileSync(`${sync}.go`, '');
    expect(await pushing).toMatchObject({ code: 0 });
    expect(world.credentials.issued).toHaveLength(before + 1);
  });
});

describe('pushing workflow files', () => {
  beforeEach(async () => {
    world = await openWorld();
    await world.clone();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a new one', () => world.commit('shop', '.github/workflows/evil.yml', 'on: push\n')],
    ['a changed one', () => world.commit('shop', CI, 'on: pull_request_target\n')],
    ['a deleted one', async () => (await world.git('shop', 'rm', CI), world.commit('shop', 'a', '1'))],
    [
      'a renamed folder',
      async () => {
        await world.commit('shop', 'x/workflows/ci.yml', 'on: pull_request_target\n');
        await world.git('shop', 'rm', '-r', '--quiet', '.github');
        await world.git('shop', 'mv', 'x', '.github');
        await world.commit('shop', 'a', '1');
      },
    ],
    [
      'one in a merge',
      async () => {
        await world.git('shop', 'checkout', '--quiet', '-b', 'side');
        await world.commit('shop', '.github/workflows/evil.yml', 'on: push\n');
        await world.git('shop', 'checkout', '--quiet', BRANCH);
        await world.commit('shop', 'a', '1');
        await world.git('shop', 'merge', '--no-ff', '--message', 'm', 'side');
      },
    ],
  ])('%s is refused, and with leave it is not', async (_name, change) => {
    await change();
    const { code, err } = await push(BRANCH);
    expect(code).toBe(1);
    expect(err).toContain('files in .github/workflows are changed, which needs leave of a person');
    expect(err).toContain('ask with ask_user for them to say: allow workflows');
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe('');
    world.mayChangeWorkflows = true;
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    expect(world.credentials.issued.at(-1)?.password).toMatch(/^ghs_push-workflows/);
    // Taken back, it holds no more.
    world.mayChangeWorkflows = false;
    await world.commit('shop', 'b', '2');
    expect((await push(BRANCH)).err).toContain('needs leave of a person');
  });

  it('without leave, no push has a credential that may change them', async () => {
    await world.commit('shop', 'a', '1');
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    expect(world.credentials.issued.map(({ password }) => password).join()).not.toContain('workflows');
  });

  it("the base branch's own changes come with a merge", async () => {
    await world.commit('shop', 'a', '1');
    // Somebody else's, at the host.
    await world.git('shop', 'checkout', '--quiet', 'main');
    await world.commit('shop', CI, 'on: [push]\n');
    await world.git('shop', 'push', world.pathOf('acme/shop'), 'main');
    await world.git('shop', 'checkout', '--quiet', BRANCH);
    await world.git('shop', 'fetch', '--quiet');
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    await world.git('shop', 'merge', '--message', 'm', 'origin/main');
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
  });

  it('a commit whose folder lies about what it holds is refused', async () => {
    await world.commit('shop', CI, 'on: pull_request_target\n');
    const idOf = async (name: string) => (await world.git('shop', 'rev-parse', name)).out;
    const [lie, truth] = [await idOf('HEAD:.github'), await idOf('main:.github')];
    const cwd = join(world.workspace, 'shop');
    const tree = execFileSync('git', ['cat-file', 'tree', truth], { cwd });
    // In a repository that is looked at first, so that git itself pushes the true one.
    await world.git('.', 'init', '--quiet', 'a-decoy');
    const folder = join(world.workspace, 'a-decoy/.git/objects', lie.slice(0, 2));
    mkdirSync(folder);
    const decoy = deflateSync(Buffer.concat([Buffer.from(`tree ${tree.length}\0`), tree]));
    writeFileSync(join(folder, lie.slice(2)), decoy);
    const { err } = await push(BRANCH);
    expect(err).toContain('cannot be seen whether files in .github/workflows are changed');
  });

  it('a commit from outside the workspace is refused', async () => {
    const outside = join(world.workspace, '../outside');
    await gitWith({ PATH }, world.workspace, ['clone', '--quiet', world.pathOf('acme/shop'), outside]);
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    await gitWith({ PATH }, outside, [...identity, 'commit', '--allow-empty', '--quiet', '--message', 'x']);
    const { err } = await gitWith(world.environment, outside, [
      'push',
      world.urlOf('acme/shop'),
      `HEAD:${BRANCH}`,
    ]);
    expect(err).toContain('push from a clone in the workspace');
  });

  it('a base branch that only the shell knows proves nothing', async () => {
    await world.commit('shop', CI, 'on: pull_request_target\n');
    await world.git('shop', 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    await world.git('shop', 'branch', '--force', 'main', 'HEAD');
    const { err } = await push(BRANCH);
    expect(err).toContain('! [remote rejected]');
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe('');
  });
});

describe('pushing in a repair of failed checks', () => {
  const TEST = 'src/cart.spec.ts';
  const STRICT = "it('adds', () => {\n  expect(sum(1, 2)).toBe(3);\n});\n";

  beforeEach(async () => {
    world = await openWorld();
    await world.clone();
    await world.commit('shop', TEST, STRICT);
    await push(BRANCH);
    world.isRepair = true;
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  it('what makes checks say less is refused, and with a person’s word it is not', async () => {
    const good = await world.commit('shop', 'src/a.ts', 'export {};\n');
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    const head = await world.commit('shop', TEST, STRICT.replace('it(', 'it.skip('));
    const { code, err } = await push(`HEAD~:refs/heads/${BRANCH}-2`, BRANCH);
    expect(code).toBe(1);
    expect(err).toContain(`tests skipped or left out: \`${TEST}\` (1)`);
    expect(err).toContain('or ask the person with ask_user');
    expect(err).toContain('because another ref of this push is refused');
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe(good);
    world.isRepair = false;
    expect(await push(BRANCH)).toMatchObject({ code: 0 });
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe(head);
  });

  it('leave to change workflow files is no such word', async () => {
    world.mayChangeWorkflows = true;
    await world.commit('shop', CI, 'on: pull_request\n');
    expect((await push(BRANCH)).err).toContain(`workflow changed: \`${CI}\``);
  });

  it('what is not in a working copy is refused, with what to do', async () => {
    const outside = '../outside';
    await world.git('.', 'clone', '--quiet', '--branch', BRANCH, world.urlOf('acme/shop'), outside);
    await world.git(outside, 'commit', '--allow-empty', '--quiet', '--message', 'x');
    world.mayChangeWorkflows = true;
    const { err } = await world.git(outside, 'push', 'origin', `HEAD:${BRANCH}`);
    expect(err).toContain('is not in a working copy. Fetch the branch as the host has it');
  });
});
