import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { git } from './git-fixture';
import { createBareRepository, openLoopbackGit } from './loopback-git';
import type { GitPush, GitVerdict, LoopbackGit } from './loopback-git';
import type { GitAccess, GitCredential } from './git-request';

let folder: string;
let server: LoopbackGit;
const pushes: GitPush[] = [];
let protectedRefs: readonly string[] = [];

/** One public repository, one private, one of another name before. */
function authorize(credential: GitCredential | undefined, written: string, access: GitAccess): GitVerdict {
  const repository = written.toLowerCase();
  if (repository === 'acme/old') return { movedTo: 'acme/shop' };
  const isKnown = credential?.password === 'ghs_token';
  if (credential !== undefined && !isKnown) return 401;
  if (repository === 'acme/secret') return isKnown ? 'allow' : 401;
  if (repository === 'acme/shop') {
    if (access === 'read') return 'allow';
    return isKnown ? 'allow' : 401;
  }
  if (repository === 'acme/readable') return access === 'read' ? 'allow' : 403;
  return isKnown ? 404 : 401;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loopback-git-spec-'));
  pushes.length = 0;
  protectedRefs = [];
  server = await openLoopbackGit({
    folder: join(folder, 'repositories'),
    authorize,
    rules: () => ({ protectedRefs }),
    onPush: (push) => void pushes.push(push),
  });
  for (const name of ['shop', 'secret', 'readable'])
    createBareRepository(join(folder, 'repositories'), `acme/${name}`);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function url(repository: string, token?: string): string {
  const origin =
    token === undefined ? server.origin : server.origin.replace('//', `//x-access-token:${token}@`);
  return `${origin}/${repository}.git`;
}

/** A clone of `repository` with a commit more than it has. */
async function cloneAndCommit(repository: string, bytes = 10): Promise<string> {
  const clone = join(folder, `clone-${randomBytes(4).toString('hex')}`);
  expect(await git(folder, 'clone', url(repository, 'ghs_token'), clone)).toMatchObject({ code: 0 });
  writeFileSync(join(clone, 'file'), randomBytes(bytes));
  await git(clone, 'add', '.');
  await git(clone, 'commit', '-m', 'A file');
  return clone;
}

describe('git over smart HTTP', () => {
  it('is pushed to, cloned from and fetched from, by protocol version 2 and 0', async () => {
    const clone = await cloneAndCommit('acme/shop', 3 << 20);
    expect(await git(clone, 'push', 'origin', 'HEAD:main')).toMatchObject({ code: 0 });
    const head = (await git(clone, 'rev-parse', 'HEAD')).out;
    expect(pushes).toEqual([
      {
        repository: 'acme/shop',
        credential: { username: 'x-access-token', password: 'ghs_token' },
        changes: [{ ref: 'refs/heads/main', before: '0'.repeat(40), after: head }],
      },
    ]);
    for (const version of ['2', '0']) {
      const other = join(folder, `other-${version}`);
      const cloned = await git(folder, '-c', `protocol.version=${version}`, 'clone', url('ACME/Shop'), other);
      expect(cloned).toMatchObject({ code: 0 });
      expect(await git(other, 'rev-parse', 'HEAD')).toMatchObject({ out: head });
      expect(await git(other, 'fsck')).toMatchObject({ code: 0 });
      expect(await git(other, 'fetch', 'origin')).toMatchObject({ code: 0 });
    }
    expect(
      server.requests.map(({ method, path, status, isAuthorized }) => [method, path, status, isAuthorized]),
    ).toEqual(
      expect.arrayContaining([
        ['GET', '/acme/shop.git/info/refs?service=git-receive-pack', 401, false],
        ['POST', '/acme/shop.git/git-receive-pack', 200, true],
        ['POST', '/ACME/Shop.git/git-upload-pack', 200, false],
      ]),
    );
  });

  it('answers with the version that Git-Protocol asks for, as https://git-scm.com/docs/gitprotocol-v2 shows', async () => {
    const path = `${server.origin}/acme/shop/info/refs?service=git-upload-pack`;
    const second = await fetch(path, { headers: { 'git-protocol': 'version=2' } });
    expect(second.headers.get('content-type')).toBe('application/x-git-upload-pack-advertisement');
    expect(second.headers.get('cache-control')).toBe('no-cache, max-age=0, must-revalidate');
    expect(await second.text()).toContain('000eversion 2\n');
    const first = await fetch(path);
    expect(await first.text()).toMatch(/^001e# service=git-upload-pack\n0000/);
  });

  it('reads a gzipped body, also in chunks', async () => {
    const body = gzipSync('0014command=ls-refs\n0000');
    const response = await fetch(`${server.origin}/acme/shop.git/git-upload-pack`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-git-upload-pack-request',
        'content-encoding': 'gzip',
        'git-protocol': 'version=2',
      },
      body: new Blob([body]).stream(),
      duplex: 'half',
    });
    expect([response.status, await response.text()]).toEqual([200, '0000']);
  });

  it('refuses in GitHub’s words', async () => {
    const clone = (name: string, token?: string) =>
      git(folder, 'clone', url(name, token), join(folder, 'refused'));
    expect((await clone('acme/secret')).err).toContain('terminal prompts disabled');
    expect((await clone('acme/secret', 'wrong')).err).toContain('Authentication failed');
    server.refuses = () => 503;
    expect((await clone('acme/shop')).err).toContain('error: 503');
    server.refuses = () => undefined;
    expect((await clone('acme/none', 'ghs_token')).err).toContain('remote: Repository not found.');
    const other = await cloneAndCommit('acme/readable');
    const pushed = await git(other, 'push', 'origin', 'HEAD:main');
    expect(pushed.err).toContain('remote: Write access to repository not granted.');
    expect(pushed.err).toContain('error: 403');
    expect((await fetch(`${server.origin}/acme/shop.git/HEAD`)).status).toBe(404);
    const unknown = await fetch(`${server.origin}/acme/secret.git/info/refs?service=git-upload-pack`);
    expect(unknown.headers.get('www-authenticate')).toBe('Basic realm="GitHub"');
  });

  it('sends a client on to the new name of a repository', async () => {
    expect((await git(folder, 'ls-remote', url('acme/old'))).err).toContain('redirecting to');
    expect(server.requests.at(-1)).toMatchObject({ repository: 'acme/shop', status: 200 });
  });

  it('protects branches, and the refs of pull requests', async () => {
    protectedRefs = ['refs/heads/main'];
    const clone = await cloneAndCommit('acme/shop');
    const refused = await git(clone, 'push', 'origin', 'HEAD:main');
    expect(refused.err).toContain(
      'remote: error: GH006: Protected branch update failed for refs/heads/main.',
    );
    expect(refused.err).toContain('! [remote rejected] HEAD -> main');
    expect((await git(clone, 'push', 'origin', 'HEAD:refs/pull/1/head')).err).toContain(
      'deny updating a hidden ref',
    );
    expect(pushes).toEqual([]);
    expect(await git(clone, 'push', 'origin', 'HEAD:topic')).toMatchObject({ code: 0 });
    expect(pushes).toHaveLength(1);
  });

  it('cuts a push on its way, which moves nothing, and the answer to one, which has moved the ref', async () => {
    const clone = await cloneAndCommit('acme/shop', 3 << 20);
    server.cut = ({ service }) =>
      service === 'git-receive-pack' ? { of: 'request', afterBytes: 1 << 20 } : undefined;
    expect((await git(clone, 'push', 'origin', 'HEAD:main')).code).not.toBe(0);
    expect(pushes).toEqual([]);
    server.cut = ({ service }) =>
      service === 'git-receive-pack' ? { of: 'answer', afterBytes: 0 } : undefined;
    expect((await git(clone, 'push', 'origin', 'HEAD:main')).code).not.toBe(0);
    server.cut = () => undefined;
    expect((await git(clone, 'ls-remote', 'origin', 'refs/heads/main')).out).not.toBe('');
    expect(pushes).toHaveLength(1);
  });

  it('cuts a clone in the middle of its pack', async () => {
    const clone = await cloneAndCommit('acme/shop', 3 << 20);
    await git(clone, 'push', 'origin', 'HEAD:main');
    let packs = 0;
    server.cut = ({ service }) => {
      if (service !== 'git-upload-pack') return undefined;
      packs += 1;
      return packs === 2 ? { of: 'answer', afterBytes: 1 << 20 } : undefined;
    };
    const again = () => git(folder, 'clone', url('acme/shop'), join(folder, 'again'));
    expect((await again()).err).toMatch(/early EOF|unexpected disconnect|transfer closed/);
    expect(await again()).toMatchObject({ code: 0 });
  });
});
