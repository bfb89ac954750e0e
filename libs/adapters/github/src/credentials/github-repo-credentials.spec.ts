import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import type { CredentialPurpose, RepoCredential } from '@swe/domain';
import { repoCredentialsContract, runContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { LoopbackGithub } from '@swe/testing/servers';
import { GithubClient } from '../github-client';
import { githubServer } from '../github-server';
import { AppIdentity } from './app-identity';
import { AppTokens } from './app-tokens';
import { GithubRepoCredentials } from './github-repo-credentials';
import { PersonalIdentity } from './personal-identity';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const opened: LoopbackGithub[] = [];
afterEach(async () => {
  for (const github of opened.splice(0)) await github.close();
});

/** GitHub with private repositories of `acme`, where the agent's App and user may push, and of `closed`, where not. */
async function open(more: Readonly<Record<string, 'read' | 'write'>> = {}) {
  const clock = new ManualClock();
  const github = await openLoopbackGithub({
    clock,
    app: {
      slug: 'swe',
      publicKey,
      permissions: { metadata: 'read', contents: 'write', issues: 'write', pull_requests: 'write', ...more },
    },
  });
  opened.push(github);
  const { world } = github;
  for (const owner of ['acme', 'closed']) world.addUser(owner, 'Organization');
  world.addUser('swe-agent');
  for (const name of ['acme/shop', 'acme/other']) {
    world.addRepository(name, { isPrivate: true, collaborators: { 'swe-agent': 'write' } });
  }
  world.addRepository('closed/safe', { isPrivate: true, collaborators: { 'swe-agent': 'read' } });
  world.install('swe', 'acme');
  world.install('swe', 'closed').isSuspended = true;
  return { clock, github, server: githubServer(github.serverUrl, github.apiUrl) };
}

async function openApp(more?: Parameters<typeof open>[0]) {
  const { clock, github, server } = await open(more);
  const appId = String(github.world.apps.get('swe')?.id);
  const tokens = new AppTokens({ server, appId, privateKey: async () => privateKey, clock, fetch });
  return { clock, github, server, identity: new AppIdentity(tokens) };
}

function subjectOf(
  { clock, github }: { readonly clock: ManualClock; readonly github: LoopbackGithub },
  credentials: GithubRepoCredentials,
) {
  const url = (name: string): string => `${github.serverUrl}/${name}`;
  return {
    credentials,
    repositories: {
      own: url('acme/shop'),
      other: url('acme/other'),
      without: 'https://gitlab.example/acme/shop',
      unknown: url('acme/unknown'),
      forbidden: url('closed/safe'),
    },
    lets: async ({ username, password }: RepoCredential, repository: string, purpose: CredentialPurpose) => {
      const service = purpose === 'read' ? 'git-upload-pack' : 'git-receive-pack';
      const basic = Buffer.from(`${username}:${password}`).toString('base64');
      const response = await fetch(`${repository}.git/info/refs?service=${service}`, {
        headers: { authorization: `Basic ${basic}` },
      });
      await response.text();
      return response.ok;
    },
    pass: (ms: number) => clock.advance(ms),
  };
}

runContract('GithubRepoCredentials of an App', repoCredentialsContract, async () => {
  const app = await openApp();
  return { subject: subjectOf(app, new GithubRepoCredentials(app.server, app.identity)) };
});

runContract(
  'GithubRepoCredentials by a personal access token',
  repoCredentialsContract,
  async () => {
    const { clock, github, server } = await open();
    const token = github.tokens.addClassic('swe-agent');
    const identity = new PersonalIdentity({ server, token: async () => token, clock, fetch });
    return { subject: subjectOf({ clock, github }, new GithubRepoCredentials(server, identity)) };
  },
  {
    'a credential is good for its own repository only': 'a personal access token opens all that it opens',
    'a credential for reading does not push': 'a personal access token opens all that it opens',
  },
);

it('the API as an App has a token for that one repository, and may push there', async () => {
  const { clock, github, server, identity } = await openApp();
  const client = new GithubClient({ server, identity, clock, fetch });
  const { octokit, name } = client.at(`${github.serverUrl}/acme/shop`);
  expect((await octokit.request('GET /repos/{owner}/{repo}', { ...name })).data.full_name).toBe('acme/shop');
  const other = octokit.request('GET /repos/{owner}/{repo}', { ...name, repo: 'other' });
  await expect(other).rejects.toMatchObject({ kind: 'missing' });
  expect(await identity.mayPush(name)).toBe(true);
  expect(await identity.login()).toBe('swe[bot]');
});

it.each([{}, { workflows: 'write' } as const])(
  'a token of the App may change workflows only with leave, and where the App may: %j',
  async (granted) => {
    const { github, server, identity } = await openApp(granted);
    const credentials = new GithubRepoCredentials(server, identity);
    const permissionsFor = async (purpose: CredentialPurpose) => {
      const credential = await credentials.credential(`${github.serverUrl}/acme/shop`, purpose);
      const grant = github.tokens.grantOf(credential?.password ?? '');
      return grant.kind === 'installation' ? grant.permissions : undefined;
    };
    const push = { metadata: 'read', contents: 'write' };
    expect(await permissionsFor('push-workflows')).toEqual({ ...push, ...granted });
    expect(await permissionsFor('push')).toEqual(push);
  },
);
