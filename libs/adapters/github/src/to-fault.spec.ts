import { describe, expect, it } from '@jest/globals';
import type { FaultKind } from '@swe/domain';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { GithubClient } from './github-client';
import type { GithubIdentity } from './github-identity';
import { githubServer } from './github-server';
import { answer, scriptedFetch } from './scripted-fetch';

const identity: GithubIdentity = {
  token: async () => 'ghp_secret',
  login: async () => 'octocat',
  mayPush: async () => undefined,
};
const REPOSITORY = 'https://github.com/octocat/hello';

function clientOn(...answers: readonly (Response | Error)[]) {
  const { fetch, seen } = scriptedFetch(...answers);
  const server = githubServer('https://github.com', 'https://api.github.com');
  const client = new GithubClient({ server, identity, clock: new ManualClock(), fetch });
  return { api: client.at(REPOSITORY), client, seen };
}

describe('what GitHub refuses', () => {
  // https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
  it.each<[string, Response, FaultKind, RegExp]>([
    [
      'a bad token',
      answer(401, {}, { message: 'Bad credentials' }),
      'denied',
      /Bad credentials: it does not take/,
    ],
    [
      'too few permissions',
      answer(
        403,
        { 'x-accepted-github-permissions': 'issues=write' },
        { message: 'Resource not accessible by personal access token' },
      ),
      'denied',
      /wants the permissions issues=write/,
    ],
    [
      'a token without single sign-on',
      answer(
        403,
        {
          'x-github-sso':
            'required; url=https://github.com/orgs/acme/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgmjmon5fWxks5YrqhJgah0b2tlbl9pZM4EuMz4',
        },
        { message: 'Resource protected by organization SAML enforcement.' },
      ),
      'denied',
      /single sign-on, in its settings at github\.com, Configure SSO$/,
    ],
    [
      'what is not there, or not to be seen',
      answer(404, {}, { message: 'Not Found' }),
      'missing',
      /Not Found: there is none, or .*: check the address, or give/,
    ],
    ...[403, 404].map((status): [string, Response, FaultKind, RegExp] => [
      `a scope that is missing, by ${status}`,
      answer(
        status,
        { 'x-oauth-scopes': 'gist, workflow', 'x-accepted-oauth-scopes': 'public_repo, repo' },
        { message: 'No.' },
      ),
      status === 403 ? 'denied' : 'missing',
      /No: .*the token lacks the scope public_repo or repo \(it has gist, workflow\): tick it/,
    ]),
    [
      'issues that are switched off',
      answer(410, {}, { message: 'Issues has been disabled in this repository.' }),
      'missing',
      /switched off/,
    ],
    [
      'a merge conflict',
      answer(409, {}, { message: 'There was a merge conflict' }),
      'conflict',
      /merge conflict/,
    ],
    [
      'a title that is missing',
      answer(
        422,
        {},
        {
          message: 'Validation Failed',
          errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }],
        },
      ),
      'invalid',
      /Validation Failed; Issue title missing_field/,
    ],
    [
      'a label that there is',
      answer(
        422,
        {},
        {
          message: 'Validation Failed',
          errors: [{ resource: 'Label', field: 'name', code: 'already_exists' }],
        },
      ),
      'conflict',
      /already_exists/,
    ],
    [
      'words in place of problems',
      answer(422, {}, { message: 'Validation Failed', errors: ['Too long'] }),
      'invalid',
      /Too long/,
    ],
    ['a locked conversation', answer(423, {}, { message: 'Locked' }), 'denied', /locked/],
    [
      'a repository that was taken down',
      answer(451, {}, { message: 'Repository access blocked' }),
      'denied',
      /legal/,
    ],
    [
      'no JSON',
      new Response('<html>', { status: 418, headers: { 'content-type': 'text/html' } }),
      'invalid',
      /status 418/,
    ],
  ])('%s', async (_name, response, kind, message) => {
    const { api } = clientOn(response);
    const fault = await expectFault(api.octokit.request('GET /user'), kind);
    expect(fault.message).toMatch(message);
    expect(fault.message).toMatch(/^GitHub: /);
  });

  it('is told with the repository, and the issue, that it was about', async () => {
    const messages: string[] = [];
    for (const route of ['GET /repos/{owner}/{repo}', 'GET /repos/{owner}/{repo}/issues/{number}'] as const) {
      const { api } = clientOn(answer(404, {}, { message: 'Not Found' }));
      const asked = api.octokit.request(route, { owner: 'octocat', repo: 'hello', number: 7 });
      messages.push((await expectFault(asked, 'missing')).message);
    }
    expect(messages).toEqual([
      expect.stringMatching(/^GitHub: octocat\/hello: Not Found: /),
      expect.stringMatching(/^GitHub: octocat\/hello#7: Not Found: /),
    ]);
  });

  it('a write that nothing came back of may be tried again', async () => {
    const { api } = clientOn(new TypeError('fetch failed'));
    await expectFault(api.octokit.request('POST /user/repos', { name: 'x' }), 'transient');
  });

  it.each<[string, FaultKind]>([
    ['NOT_FOUND', 'missing'],
    ['FORBIDDEN', 'denied'],
    ['RATE_LIMITED', 'throttled'],
    ['MAX_NODE_LIMIT_EXCEEDED', 'invalid'],
  ])('GraphQL says %s', async (type, kind) => {
    const { api, client } = clientOn(answer(200, {}, { data: null, errors: [{ type, message: 'No.' }] }));
    const fault = await expectFault(client.graphql(api, '{ viewer { login } }', {}), kind);
    expect(fault.message).toBe('GitHub: No.');
  });

  it('a repository elsewhere is missing without a word to anybody', async () => {
    const { client, seen } = clientOn();
    expect(() => client.at('https://gitlab.example/octocat/hello')).toThrow(/no repository of github\.com/);
    expect(() => client.at('https://github.com/octocat')).toThrow(/no repository/);
    expect(seen).toEqual([]);
  });

  it('nothing of the token is in what is told', async () => {
    const { api } = clientOn(answer(404, {}, { message: 'Not Found' }));
    const fault = await expectFault(api.octokit.request('GET /user'), 'missing');
    expect(JSON.stringify([fault.message, fault.cause])).not.toContain('ghp_secret');
  });
});

it('GraphQL of an Enterprise Server is beside its REST API', async () => {
  const { fetch, seen } = scriptedFetch(answer(200, {}, { data: { viewer: { login: 'octocat' } } }));
  const server = githubServer('https://git.acme.example', 'https://git.acme.example/api/v3/');
  const client = new GithubClient({ server, identity, clock: new ManualClock(), fetch });
  const api = client.at('https://git.acme.example/octocat/hello');
  expect(await client.graphql(api, '{ viewer { login } }', {})).toEqual({ viewer: { login: 'octocat' } });
  expect(seen[0]?.url).toBe('https://git.acme.example/api/graphql');
  expect(seen[0]?.headers.get('authorization')).toBe('Bearer ghp_secret');
});
