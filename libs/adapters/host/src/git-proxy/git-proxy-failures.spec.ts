import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { GitVerdict } from '@swe/testing/servers';
import { openGitSession } from '@swe/testing/servers';
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

const answersWith = (verdict: GitVerdict, access?: 'read' | 'push') => {
  world.verdict = (_repository, asked) => (access === undefined || asked === access ? verdict : undefined);
};

describe('what git prints when the host does not do it', () => {
  it.each<[GitVerdict, string]>([
    [401, 'cannot be read with this session’s access: its host says 401'],
    [403, 'cannot be read with this session’s access: its host says 403'],
    [404, 'cannot be read with this session’s access: its host says 404'],
  ])('a clone that is answered %s', async (verdict, says) => {
    answersWith(verdict);
    const { code, err } = await world.git('.', 'clone', world.urlOf('acme/shop'), 'shop');
    expect(code).toBe(128);
    expect(err).toContain(says.replace('’', "'"));
    expect(err).not.toMatch(/Username|Password|terminal prompts/);
    expect(world.facts.at(-1)).toMatchObject({ event: 'git.failed', fields: { purpose: 'read' } });
  });

  it('a fetch that is refused after the refs were shown', async () => {
    let asked = 0;
    world.verdict = () => {
      asked += 1;
      return asked > 1 ? 403 : undefined;
    };
    const { code, err } = await world.git('.', 'clone', world.urlOf('acme/shop'), 'shop');
    expect(code).toBe(128);
    expect(err).toContain('fatal: remote error: http://127.0.0.1');
    expect(err).toContain('its host says 403');
  });

  it.each<[string, GitVerdict]>([
    ['401', 401],
    ['403', 403],
    ['404', 404],
  ])('a push that is answered %s, small or large', async (status, verdict) => {
    await world.clone();
    await world.commit('shop', 'a', '1');
    answersWith(verdict, 'push');
    expect((await world.git('shop', 'push', 'origin', BRANCH)).err).toContain(`its host says ${status}`);
    let asked = 0;
    world.verdict = (_repository, access) => {
      if (access === 'read') return undefined;
      asked += 1;
      return asked > 1 ? verdict : undefined;
    };
    for (const size of [10, 8 << 20]) {
      asked = 0;
      await world.commit('shop', 'a', randomBytes(size));
      const { code, err } = await world.git('shop', 'push', 'origin', BRANCH);
      expect(code).toBe(1);
      expect(err).toMatch(/! \[remote rejected\] .*cannot be pushed to with this session's access/);
    }
  });

  it('a push that breaks off is none', async () => {
    await world.clone();
    await world.commit('shop', 'a', randomBytes(4 << 20));
    const cuts = [
      { of: 'request', afterBytes: 1 << 20 },
      { of: 'answer', afterBytes: 8 },
    ] as const;
    for (const cut of cuts) {
      let posts = 0;
      world.host.cut = ({ service }) => {
        if (service !== 'git-receive-pack') return undefined;
        posts += 1;
        // The first one is the probe.
        return posts > 1 ? cut : undefined;
      };
      const { code } = await world.git('shop', 'push', 'origin', BRANCH);
      expect(code).not.toBe(0);
      expect(world.facts.filter(({ event }) => event === 'git.pushed')).toEqual([]);
      expect(world.facts.at(-1)).toMatchObject({ event: 'git.failed' });
    }
  });

  it('a clone that breaks off is none', async () => {
    world.host.cut = ({ service }) =>
      service === 'git-upload-pack' ? { of: 'answer', afterBytes: 200 } : undefined;
    const { code, err } = await world.git('.', 'clone', world.urlOf('acme/shop'), 'shop');
    expect(code).toBe(128);
    expect(err).toMatch(/early EOF|transfer closed|unexpected disconnect/);
  });

  it('a push that the host itself refuses keeps its words, and is told from one that arrived', async () => {
    await world.clone();
    await world.commit('shop', 'a', '1');
    // As a host does that has such a branch as a folder.
    await world.git('shop', 'push', world.pathOf('acme/shop'), `HEAD:refs/heads/${BRANCH}-x/y`);
    const { code, err } = await world.git('shop', 'push', 'origin', `HEAD:${BRANCH}-x`, `HEAD:${BRANCH}-y`);
    expect(code).toBe(1);
    expect(err).toContain(`! [remote rejected] HEAD -> ${BRANCH}-x`);
    const told = world.facts.filter(({ event }) => event === 'git.pushed' || event === 'git.refused');
    expect(told.map(({ event, fields }) => [event, fields['refs']])).toEqual([
      ['git.pushed', [`refs/heads/${BRANCH}-y`]],
      ['git.refused', [`refs/heads/${BRANCH}-x`]],
    ]);
  });
});

describe('what git prints when there is no credential', () => {
  it.each([
    [new Fault('denied', 'the app is suspended for acme'), 'remote: the app is suspended for acme'],
    [new Fault('transient', 'tokens cannot be had now'), 'remote: tokens cannot be had now'],
    [new Error('secret in here'), 'its host cannot be reached; try again later'],
  ])('%s', async (error, says) => {
    await using other = await openWorld({
      credentials: { credential: () => Promise.reject(error) },
    });
    const { err } = await other.git('.', 'clone', other.urlOf('acme/shop'), 'shop');
    expect(err).toContain(says);
    expect(err).not.toContain('secret in here');
  });
});

describe('a host that is not well', () => {
  it.each([
    [500, 'its host says 500; try again later'],
    [429, 'its host says 429; try again later'],
    [418, 'its host says 418'],
  ])('answers %s, and repeats what it was sent', async (status, says) => {
    const server = createServer((incoming, outgoing) => {
      const { authorization = '' } = incoming.headers;
      outgoing.writeHead(status, { 'content-type': 'text/plain', 'x-echo': authorization });
      outgoing.end(`you sent ${authorization}\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using other = await openWorld({
      origins: [origin],
      isOfSession: () => true,
      credentials: { credential: async () => ({ username: 'u', password: 'hunter2' }) },
    });
    const { err } = await other.git('.', '-c', 'http.extraHeader=a: b', 'ls-remote', `${origin}/acme/shop`);
    expect(err).toContain(says);
    expect(err).not.toMatch(/hunter2|dTpodW50ZXIy|you sent/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is not there', async () => {
    await world.host.close();
    const { err } = await world.git('.', 'ls-remote', world.urlOf('acme/shop'));
    expect(err).toContain('its host cannot be reached (ECONNREFUSED); try again later');
  });
});
