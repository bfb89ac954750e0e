import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gitWith, openGitSession } from '@swe/testing/servers';
import type { GitProxyOptions } from './git-proxy';
import { BRANCH, openProxyFor } from './git-proxy-fixture';

const PATH = process.env['PATH'] ?? '';
const openWorld = (change: Partial<GitProxyOptions> = {}) =>
  openGitSession({ path: PATH, branch: BRANCH }, (parts) => openProxyFor(parts, change));
let world: Awaited<ReturnType<typeof openWorld>>;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const key = (): string => /^Authorization: (.+)$/.exec(valueOf('extraHeader'))?.[1] ?? '';
function valueOf(end: string): string {
  const [name] = Object.entries(world.environment).find(([, value]) => value.endsWith(end)) ?? [''];
  return world.environment[name.replace('KEY', 'VALUE')] ?? '';
}
async function ask(path: string, init: RequestInit = {}): Promise<number> {
  const answer = await fetch(`${world.proxy.url}${path}`, { headers: { authorization: key() }, ...init });
  await answer.arrayBuffer();
  return answer.status;
}

describe('reading through the git proxy', () => {
  it("the session's repository is cloned and fetched with its credential", async () => {
    const shop = await world.clone();
    expect(readdirSync(join(world.workspace, shop))).toContain('README.md');
    const head = await world.headOf('refs/heads/main');
    await gitWith({ PATH }, world.pathOf('acme/shop'), ['branch', 'later', head]);
    expect(await world.git(shop, 'fetch', 'origin', 'later')).toMatchObject({ code: 0 });
    expect((await world.git(shop, 'rev-parse', 'FETCH_HEAD')).out).toBe(head);
    expect(world.facts.filter(({ event }) => event === 'git.read')).toHaveLength(2);
    expect(world.facts[0]).toEqual({
      event: 'git.read',
      fields: { repository: world.urlOf('acme/shop'), isOfSession: true },
    });
  });

  it.each(['0', '1', '2'])('by version %s of the protocol', async (version) => {
    await world.clone('shop', '-c', `protocol.version=${version}`);
    const traced = { ...world.environment, GIT_TRACE_PACKET: '1' };
    const args = ['-c', `protocol.version=${version}`, 'fetch'];
    const { err } = await gitWith(traced, join(world.workspace, 'shop'), args);
    expect(err.includes('version 2')).toBe(version === '2');
  });

  it('a shallow clone is deepened', async () => {
    await world.clone('shop', '--depth=1');
    expect((await world.git('shop', 'rev-list', '--count', 'HEAD')).out).toBe('1');
    expect(await world.git('shop', 'fetch', '--unshallow')).toMatchObject({ code: 0 });
    expect((await world.git('shop', 'rev-list', '--count', 'HEAD')).out).toBe('3');
  });

  it('a partial clone fetches later what it lacks', async () => {
    const url = world.urlOf('acme/shop');
    await world.git('.', 'clone', '--filter=blob:none', '--no-checkout', url, 'shop');
    const lacking = await world.git('shop', 'rev-list', '--objects', '--all', '--missing=print');
    expect(lacking.out).toContain('\n?');
    expect(await world.git('shop', 'show', 'HEAD:src/a.ts')).toMatchObject({ code: 0 });
  });

  it.each([
    'git@127.0.0.1:acme/shop.git',
    'ssh://git@127.0.0.1/acme/shop',
    'ssh://git@127.0.0.1/acme/shop.git',
  ])('%s goes through it too', async (url) => {
    expect(await world.git('.', 'clone', url, 'shop')).toMatchObject({ code: 0 });
  });

  it("without any of a person's settings", async () => {
    const environment = { ...world.environment, GIT_CONFIG_GLOBAL: '/dev/null' };
    const cloned = await gitWith(environment, world.workspace, ['clone', world.urlOf('acme/shop'), 'shop']);
    expect(cloned).toMatchObject({ code: 0 });
  });

  it('clones at the same time all arrive', async () => {
    const clones = Array.from({ length: 8 }, (_, at) =>
      world.git('.', 'clone', world.urlOf('acme/shop'), `c${at}`),
    );
    expect((await Promise.all(clones)).map(({ code }) => code)).toEqual(Array(8).fill(0));
  });

  it('other repositories of the host are read as a stranger does', async () => {
    expect(await world.git('.', 'clone', world.urlOf('public/lib'), 'lib')).toMatchObject({ code: 0 });
    expect(world.host.requests.every(({ isAuthorized }) => !isAuthorized)).toBe(true);
    expect(world.credentials.issued).toEqual([]);
  });

  it('of private ones the model is told what to do', async () => {
    const { code, err } = await world.git('.', 'clone', world.urlOf('acme/other'), 'other');
    expect(code).toBe(128);
    expect(err).toContain('remote: ');
    expect(err).toContain('if it is private, call clone_repository first');
    expect(err).not.toContain('Username');
    expect(world.credentials.issued).toEqual([]);
  });

  it('a renamed repository is followed, for what comes later too', async () => {
    expect(await world.git('.', 'clone', world.urlOf('acme/old'), 'old')).toMatchObject({ code: 0 });
    await world.commit('old', 'a', '1');
    const pushed = await world.git('old', 'push', 'origin', `HEAD:${BRANCH}`);
    expect(pushed).toMatchObject({ code: 0 });
    expect(await world.headOf(`refs/heads/${BRANCH}`)).not.toBe('');
  });

  it('nobody is followed to another place', async () => {
    world.verdict = (repository) =>
      repository === 'public/lib' ? { movedTo: 'public/lib.git/x' } : undefined;
    const { err } = await world.git('.', 'ls-remote', world.urlOf('public/lib'));
    expect(err).toContain('where nobody follows');
  });
});

describe('who does not belong to the git proxy', () => {
  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: `Bearer ${'A'.repeat(43)}` }],
    ['a key of another kind', { authorization: 'Basic eDp5' }],
  ])('%s gets nothing', async (_name, headers) => {
    const host = new URL(world.host.origin).host;
    const answer = await fetch(
      `${world.proxy.url}/${host}/public/lib.git/info/refs?service=git-upload-pack`,
      {
        headers: headers as Record<string, string>,
      },
    );
    expect(answer.status).toBe(403);
    expect(await answer.text()).toBe('Forbidden\n');
    expect(world.host.requests).toEqual([]);
  });

  it('git without the environment is refused', async () => {
    const host = new URL(world.host.origin).host;
    const { code, err } = await gitWith({ PATH, GIT_TERMINAL_PROMPT: '0' }, world.workspace, [
      'clone',
      `${world.proxy.url}/${host}/acme/shop.git`,
      'shop',
    ]);
    expect(code).toBe(128);
    expect(err).toContain('The requested URL returned error: 403');
  });

  it('no other paths, hosts or methods are served', async () => {
    const host = new URL(world.host.origin).host;
    const refs = 'info/refs?service=git-upload-pack';
    expect(await ask(`/${host}/public/lib.git/${refs}`)).toBe(200);
    expect(await ask(`/example.com/public/lib.git/${refs}`)).toBe(404);
    expect(await ask(`/${host}/public/lib.git/HEAD`)).toBe(404);
    expect(
      await ask(`/${host}/public/lib.git/${refs}`, { method: 'POST', headers: { authorization: key() } }),
    ).toBe(405);
    expect(await ask(`/${host}/public/lib.git/git-upload-pack`)).toBe(405);
    expect(world.host.requests).toHaveLength(1);
  });

  it('ends with its owner', async () => {
    await world.proxy[Symbol.asyncDispose]();
    await expect(fetch(world.proxy.url)).rejects.toThrow('fetch failed');
  });
});
