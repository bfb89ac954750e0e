import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { APP_EVENTS, APP_PERMISSIONS } from '@swe/adapter-github/app-manifest';
import { lastResults, openLoopbackGithub, wordsOfUser } from '@swe/testing/servers';
import type { GithubRepository } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { openCloud } from './cloud/cloud';
import type { Cloud, CloudGithub } from './cloud/cloud';
import { clone, commit, firstPullRequest, fixFare, openPullRequest } from './cloud/github';
import { call, played } from './scripted-model';
import type { ModelScript } from './scripted-model';

jest.setTimeout(180_000);

let folder: string;
let github: CloudGithub;
let library: GithubRepository;
let cloud: Cloud | undefined;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-cloud-')));
  ({ github, library } = await openEnterprise());
});
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  await github.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An Enterprise Server with the App in the private repositories of two owners, of which Ada may write in one's alone. */
async function openEnterprise() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const app = { slug: 'swe', publicKey, permissions: APP_PERMISSIONS, events: APP_EVENTS };
  const server = await openLoopbackGithub({ basePath: '/api/v3', app });
  const { world } = server;
  world.addUser('ada');
  for (const owner of ['acme', 'corp']) {
    world.addUser(owner, 'Organization');
    world.install('swe', owner);
  }
  world.addRepository('corp/secret', { isPrivate: true });
  const fares = { isPrivate: true, collaborators: { ada: 'write' }, files: BROKEN_LIBRARY } as const;
  const access = { appId: String(world.apps.get('swe')?.id), privateKey };
  return { github: { server, access }, library: world.addRepository('acme/fares', fares) };
}

async function open(script: ModelScript): Promise<Cloud> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  cloud = await openCloud({ folder, path, model: played(script), github });
  return cloud;
}

it('an App on an Enterprise Server repairs what it is asked to, and reaches nothing that whoever asked does not', async () => {
  const { activity, serverUrl, world } = github.server;
  const issue = activity.issues.create(library, 'ada', { title: 'The fare is wrong', body: 'Four!' });
  const heard = { task: '', secret: '', checks: '', annotations: '' };
  const of = await open(async function* (given) {
    heard.task = wordsOfUser(given).join('\n');
    heard.secret = lastResults(yield { calls: [clone(`${serverUrl}/corp/secret`)] }).join('\n');
    yield { calls: [clone(`${serverUrl}/acme/fares`)] };
    yield { calls: [fixFare()] };
    yield { calls: [commit('Charge four for a kilometre')] };
    yield { calls: [openPullRequest()] };
    heard.checks = wordsOfUser(yield { say: 'The fare is right.' }).join('\n');
    heard.annotations = lastResults(yield { calls: [call('wait_for_checks')] }).join('\n');
    for (;;) yield { say: 'The linter is wrong.' };
  });
  activity.issues.comment(library, issue, 'ada', `@swe fix this as in ${serverUrl}/corp/secret/issues/1`);

  const said = (words: string) =>
    of.until(`"${words}"`, async () =>
      issue.comments.find(({ user, body }) => user === 'swe[bot]' && body.includes(words)),
    );
  await said('The fare is right.');
  expect(heard.task).toContain('Four!');
  expect(heard.task).toMatch(/corp\/secret\/issues\/1 could not be read: .* leave to read/);
  expect(heard.secret).toContain('was not found to have leave to read');
  const request = await firstPullRequest(of, library);
  const { headSha } = request.pull;
  expect(request).toMatchObject({ user: 'swe[bot]', title: 'Charge four' });
  expect(request.body).toContain(`Closes #${issue.number}`);
  expect(library.git.commitOf(headSha).message).toMatch(
    new RegExp(`\n\nCo-authored-by: ada <${world.user('ada').id}\\+ada@users\\.noreply\\.`),
  );

  const wrong = { path: 'src/fare.js', startLine: 2, endLine: 2, message: 'no magic numbers' };
  const annotations = [{ ...wrong, level: 'failure' as const }];
  const lint = { name: 'lint', headSha, conclusion: 'failure', log: 'failed', annotations };
  activity.checks.create(library, lint);
  await said('The linter is wrong.');
  expect(heard.checks).toContain('Checks of your pull request');
  expect(heard.annotations).toContain('src/fare.js:2: no magic numbers');
  expect(github.server.unknown).toEqual([]);
});
