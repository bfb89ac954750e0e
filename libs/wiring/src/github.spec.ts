import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { APP_PERMISSIONS } from '@swe/adapter-github/app-manifest';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { LoopbackGithub } from '@swe/testing/servers';
import { openGithub } from './github';
import type { GithubAccess } from './github';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

let github: LoopbackGithub;
afterEach(() => github.close());

async function open(accessTo: (github: LoopbackGithub) => GithubAccess) {
  const clock = new ManualClock();
  const permissions = APP_PERMISSIONS;
  github = await openLoopbackGithub({ clock, app: { slug: 'swe', publicKey, permissions } });
  const { world, activity, serverUrl, apiUrl } = github;
  world.addUser('acme', 'Organization');
  for (const login of ['ada', 'swe-agent']) world.addUser(login);
  const shop = world.addRepository('acme/shop', { collaborators: { 'swe-agent': 'write' } });
  const issue = activity.issues.create(shop, 'ada', { title: 'Broken' });
  world.install('swe', 'acme');
  return { issue, opened: openGithub({ serverUrl, apiUrl, access: accessTo(github), clock }) };
}

describe('GitHub, opened', () => {
  it.each<[string, (github: LoopbackGithub) => GithubAccess]>([
    ['swe-agent', ({ tokens }) => ({ as: 'user', token: async () => tokens.addClassic('swe-agent') })],
    [
      'swe[bot]',
      ({ world }) => ({
        as: 'app',
        appId: String(world.apps.get('swe')?.id),
        privateKey: async () => privateKey,
      }),
    ],
  ])('as %s is host, chat, directory, credentials and events', async (login, accessTo) => {
    const { issue, opened } = await open(accessTo);
    const repository = `${github.serverUrl}/acme/shop`;
    expect([opened.serves(repository), opened.serves('https://gitlab.example/acme/shop')]).toEqual([
      true,
      false,
    ]);
    expect(await opened.repoHost.repository(repository)).toMatchObject({ url: repository, access: 'write' });
    expect(await opened.credentials.credential(repository, 'push')).toMatchObject({
      username: 'x-access-token',
    });
    const place = `github:${opened.server.host}/acme/shop/${issue.number}`;
    const id = await opened.chat.post(place, { body: 'Hello.' }, 'key');
    expect(await opened.chat.find(place, 'key')).toBe(id);
    expect(issue.comments.map(({ user }) => user)).toEqual([login]);
    const directory = opened.directory({ warn: () => undefined });
    expect(await directory.person('github:ada', place)).toMatchObject({ canOnlyRead: true });
    expect(await opened.hostEvents.issueEvents({ repository, number: issue.number }, 0)).toEqual([]);
    expect(await opened.login()).toBe(login);
    expect(await opened.check(new AbortController().signal)).toContain(`${login} on ${opened.server.host}`);
  });
});
