import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { LoopbackGithub } from '@swe/testing/servers';
import { GithubClient } from '../github-client';
import { githubServer } from '../github-server';
import { APP_PERMISSIONS } from '../permissions';
import { AppIdentity } from './app-identity';
import { AppTokens } from './app-tokens';
import { GithubRepoCredentials } from './github-repo-credentials';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

let github: LoopbackGithub;
afterEach(() => github.close());

/** GitHub with the App in the private repositories of `acme` and of `corp`. */
async function open(installedFor?: 'acme' | 'corp') {
  const clock = new ManualClock();
  const app = { slug: 'swe', publicKey, permissions: APP_PERMISSIONS };
  github = await openLoopbackGithub({ clock, app });
  const { world } = github;
  const ids = new Map<string, number>();
  for (const login of ['acme', 'corp']) {
    world.addUser(login);
    ids.set(login, world.install('swe', login).id);
  }
  const shop = world.addRepository('acme/shop', { isPrivate: true });
  const server = githubServer(github.serverUrl, github.apiUrl);
  const installationId = ids.get(installedFor ?? '');
  const identity = new AppIdentity(
    new AppTokens({
      server,
      appId: String(world.apps.get('swe')?.id),
      privateKey: async () => privateKey,
      ...(installationId !== undefined && { installationId }),
      clock,
      fetch,
    }),
  );
  const client = new GithubClient({ server, identity, clock, fetch });
  const nameOf = async (url: string): Promise<string> => {
    const { octokit, name } = client.at(url);
    return (await octokit.request('GET /repos/{owner}/{repo}', { ...name })).data.full_name;
  };
  const credentials = new GithubRepoCredentials(server, identity);
  return { world, shop, nameOf, credentials, repository: `${github.serverUrl}/acme/shop` };
}

it.each(['acme/store', 'corp/shop'])(
  'an App reaches a repository that is called %s now by its former name',
  async (name) => {
    const { world, shop, nameOf, credentials, repository } = await open();
    world.rename(shop, name);
    expect(await nameOf(repository)).toBe(name);
    expect(await credentials.credential(repository, 'push')).toMatchObject({ username: 'x-access-token' });
  },
);

it('an App that is to act for one installation reaches what is in that, and nothing of another', async () => {
  const acme = await open('acme');
  expect(await acme.nameOf(acme.repository)).toBe('acme/shop');
  await github.close();
  const corp = await open('corp');
  await expectFault(corp.nameOf(corp.repository), 'missing');
});
