import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { LoopbackGithub } from '@swe/testing/servers';
import { APP_EVENTS } from '../app-events';
import { githubServer } from '../github-server';
import { APP_PERMISSIONS } from '../permissions';
import { answer, scriptedFetch } from '../scripted-fetch';
import { checkApp } from './check-app';
import { checkToken } from './check-token';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const { signal } = new AbortController();

let github: LoopbackGithub;
afterEach(() => github.close());

async function open(
  permissions: Readonly<Record<string, string>> = APP_PERMISSIONS,
  events: readonly string[] = APP_EVENTS,
) {
  const clock = new ManualClock();
  github = await openLoopbackGithub({ clock, app: { slug: 'swe', publicKey, permissions, events } });
  for (const login of ['acme', 'swe-agent']) github.world.addUser(login);
  const server = githubServer(github.serverUrl, github.apiUrl);
  const shared = { server, clock, fetch };
  return {
    host: server.host,
    token: (token: string) => checkToken({ ...shared, token: async () => token }, signal),
    app: (change: { privateKey?: string; appId?: string; installationId?: number } = {}) => {
      const { privateKey: key = privateKey, ...rest } = change;
      const appId = String(github.world.apps.get('swe')?.id);
      return checkApp({ ...shared, appId, ...rest, privateKey: async () => key }, signal);
    },
  };
}

describe('a personal access token', () => {
  it('says as whom it speaks, what it may do, and how many requests are left', async () => {
    const { host, token } = await open();
    const classic = github.tokens.addClassic('swe-agent');
    expect(await token(classic)).toBe(`@swe-agent on ${host}, scope repo, 4999 of 5000 requests left`);
    const some = github.tokens.addClassic('swe-agent', ['public_repo']);
    expect(await token(some)).toContain('scope public_repo: no private repositories');
    const fine = github.tokens.addFineGrained('swe-agent', {});
    expect(await token(fine)).toContain('does not tell its permissions');
  });

  it('is refused without the scope that everything needs, by name', async () => {
    const { host, token } = await open();
    for (const [scopes, has] of [
      [['gist', 'workflow'], 'gist, workflow'],
      [[], 'none'],
    ] as const) {
      const fault = await expectFault(token(github.tokens.addClassic('swe-agent', scopes)), 'denied');
      expect(fault.message).toBe(
        `@swe-agent on ${host}: the token lacks the scope repo (it has ${has}): tick it in the token's settings`,
      );
    }
  });

  it('is refused when GitHub does not know it, and not told', async () => {
    const { token } = await open();
    const fault = await expectFault(token('ghp_secret'), 'denied');
    expect(fault.message).toContain('Bad credentials');
    expect(fault.message).not.toContain('ghp_secret');
  });
});

it('is called off with its signal, whoever does not answer', async () => {
  const silent: typeof fetch = (_input, init) =>
    new Promise((_resolve, reject) =>
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
    );
  const shared = { server: githubServer('https://github.com'), clock: new ManualClock(), fetch: silent };
  const stop = new AbortController();
  const checks = [
    checkToken({ ...shared, token: async () => 'ghp_1' }, stop.signal),
    checkApp({ ...shared, appId: '1', privateKey: async () => privateKey }, stop.signal),
  ].map((check) => expectFault(check, 'cancelled'));
  stop.abort();
  await Promise.all(checks);
  expect(shared.clock.sleeping).toBe(0);
});

describe('an App', () => {
  it('says as whom it speaks, and where it is installed', async () => {
    const { host, app } = await open();
    const { id } = github.world.install('swe', 'acme');
    expect(await app()).toMatch(
      new RegExp(`^swe\\[bot\\] on ${host}, installed for acme, \\d+ of 5000 requests left$`),
    );
    expect(await app({ installationId: id })).toContain('installed for acme');
    expect(await app({ privateKey: privateKey.replaceAll('\n', '\\n') })).toContain('installed for acme');
  });

  it('is refused where it is installed nowhere, or suspended', async () => {
    const { app } = await open();
    expect((await expectFault(app(), 'denied')).message).toContain('is installed nowhere');
    github.world.install('swe', 'acme').isSuspended = true;
    expect((await expectFault(app(), 'denied')).message).toContain('installed for acme, is suspended');
  });

  it('is refused without a permission, by name; events that it lacks are told', async () => {
    const { actions: _logs, ...others } = APP_PERMISSIONS;
    const { app } = await open({ ...others, contents: 'read' });
    github.world.install('swe', 'acme');
    expect((await expectFault(app(), 'denied')).message).toMatch(
      / lacks contents: write, actions: read: add that/,
    );
    await github.close();
    const other = await open(APP_PERMISSIONS, ['issues']);
    github.world.install('swe', 'acme');
    expect(await other.app()).toContain('not told of check_suite, issue_comment, pull_request');
  });

  it('is refused where an owner has not accepted what was added', async () => {
    await open();
    const { fetch: scripted } = scriptedFetch(
      answer(200, {}, { slug: 'swe', permissions: APP_PERMISSIONS, events: APP_EVENTS }),
      answer(200, {}, [{ account: { login: 'acme' }, permissions: { ...APP_PERMISSIONS, issues: 'read' } }]),
    );
    const server = githubServer('https://github.com');
    const shared = { server, clock: new ManualClock(), fetch: scripted };
    const checked = checkApp({ ...shared, appId: '1', privateKey: async () => privateKey }, signal);
    expect((await expectFault(checked, 'denied')).message).toBe(
      'swe[bot] on github.com, as installed for acme, lacks issues: write: acme has to accept that in the settings of the installation',
    );
  });

  it('is refused by another key, another id, and what is no key, of which nothing is told', async () => {
    const { app } = await open();
    expect((await expectFault(app({ appId: '1' }), 'missing')).message).toContain('Integration not found');
    const other = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await expectFault(app({ privateKey: other.privateKey }), 'denied');
    const fault = await expectFault(app({ privateKey: 'hunter2' }), 'invalid');
    expect(fault.message).toContain("the App's private key can't be read");
    expect(fault.message).not.toContain('hunter2');
  });
});
