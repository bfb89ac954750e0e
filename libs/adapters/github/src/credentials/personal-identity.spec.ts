import { describe, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { githubServer } from '../github-server';
import { answer, scriptedFetch } from '../scripted-fetch';
import { GithubRepoCredentials } from './github-repo-credentials';
import { PersonalIdentity } from './personal-identity';

const SERVER = githubServer('https://github.com', 'https://api.github.com');
const REPOSITORY = 'https://github.com/octocat/hello';
const mayPush = (push: boolean): object => ({ archived: false, permissions: { push } });

function open(...answers: readonly Response[]) {
  const { fetch, seen } = scriptedFetch(...answers);
  let token = 'ghp_1';
  const clock = new ManualClock();
  const identity = new PersonalIdentity({ server: SERVER, token: async () => token, clock, fetch });
  return {
    seen,
    identity,
    credentials: new GithubRepoCredentials(SERVER, identity),
    rotate: (next: string) => (token = next),
  };
}

describe('a personal access token', () => {
  it('is what git pushes with where its owner may, with its end where it has one', async () => {
    const expiry = { 'github-authentication-token-expiration': '2026-01-31 23:59:59 UTC' };
    const { credentials } = open(answer(200, expiry, mayPush(true)), answer(200, {}, mayPush(false)));
    expect(await credentials.credential(REPOSITORY, 'push')).toEqual({
      username: 'x-access-token',
      password: 'ghp_1',
      expiresAtMs: Date.UTC(2026, 0, 31, 23, 59, 59),
    });
    expect(await credentials.credential(REPOSITORY, 'read')).toEqual({
      username: 'x-access-token',
      password: 'ghp_1',
    });
  });

  it.each([
    ['may only read', mayPush(false)],
    ['has archived it', { ...mayPush(true), archived: true }],
    ['is not known there', {}],
  ])('pushes nothing where its owner %s', async (_name, body) => {
    const { credentials } = open(answer(200, {}, body));
    await expectFault(credentials.credential(REPOSITORY, 'push'), 'denied');
  });

  it('is nothing to a repository that is not there, or elsewhere', async () => {
    const { credentials, seen } = open(answer(404, {}, { message: 'Not Found' }));
    await expectFault(credentials.credential(REPOSITORY, 'read'), 'missing');
    expect(await credentials.credential('https://gitlab.example/a/b', 'read')).toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  it('says whose it is, and is read anew when it is rotated', async () => {
    const { identity, seen, rotate } = open(
      answer(200, {}, { login: 'swe' }),
      answer(200, {}, { login: 'hubot' }),
    );
    expect([await identity.login(), await identity.login()]).toEqual(['swe', 'swe']);
    rotate('ghp_2');
    expect(await identity.login()).toBe('hubot');
    expect(seen.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer ghp_1', 'Bearer ghp_2']);
  });

  it('ends with its signal', async () => {
    const { credentials } = open(answer(200, {}, mayPush(true)));
    await expectFault(credentials.credential(REPOSITORY, 'read', AbortSignal.abort()), 'cancelled');
  });
});
