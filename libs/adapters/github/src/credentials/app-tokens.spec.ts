import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { githubServer } from '../github-server';
import { answer, scriptedFetch } from '../scripted-fetch';
import { AppIdentity } from './app-identity';
import { AppTokens } from './app-tokens';
import { GithubRepoCredentials } from './github-repo-credentials';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const SERVER = githubServer('https://github.com', 'https://api.github.com');
const REPOSITORY = 'https://github.com/octocat/hello';
const HOUR = 3_600_000;
const MINUTE = 60_000;

const GRANTED = { metadata: 'read', contents: 'write', issues: 'write', pull_requests: 'write' };
/** https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
const installed = (permissions: object = GRANTED): Response =>
  answer(200, {}, { id: 3, account: { login: 'octocat' }, permissions });

/** https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app */
function minted(token: string, nowMs: number, permissions: object = GRANTED): Response {
  const expires = new Date(nowMs + HOUR).toISOString();
  return answer(201, { date: new Date(nowMs).toUTCString() }, { token, expires_at: expires, permissions });
}

function open(
  answers: (clock: ManualClock) => readonly Response[],
  { installationId }: { readonly installationId?: number } = {},
) {
  const clock = new ManualClock();
  const { fetch, seen } = scriptedFetch(...answers(clock));
  const tokens = new AppTokens({
    server: SERVER,
    appId: '12345',
    privateKey: async () => privateKey,
    ...(installationId !== undefined && { installationId }),
    clock,
    fetch,
  });
  const identity = new AppIdentity(tokens);
  return { clock, seen, identity, credentials: new GithubRepoCredentials(SERVER, identity) };
}

const bodies = (seen: ReturnType<typeof open>['seen']): readonly unknown[] =>
  seen.flatMap(({ body }) => (body === undefined ? [] : [JSON.parse(String(body)) as unknown]));

describe("an App's credential", () => {
  it('is minted for one repository, with what it is for', async () => {
    const { seen, credentials } = open((clock) => [installed(), minted('ghs_1', clock.nowMs())]);
    const credential = await credentials.credential(REPOSITORY, 'push');
    expect(credential).toMatchObject({ username: 'x-access-token', password: 'ghs_1' });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://api.github.com/repos/octocat/hello/installation',
      'POST https://api.github.com/app/installations/3/access_tokens',
    ]);
    expect(bodies(seen)).toEqual([
      { repositories: ['hello'], permissions: { metadata: 'read', contents: 'write' } },
    ]);
  });

  it('is kept until ten minutes before its end', async () => {
    const { clock, credentials } = open((now) => [
      installed(),
      minted('ghs_1', now.nowMs()),
      installed(),
      minted('ghs_2', now.nowMs() + 50 * MINUTE),
    ]);
    const password = async () => (await credentials.credential(REPOSITORY, 'push'))?.password;
    expect(await Promise.all([password(), password()])).toEqual(['ghs_1', 'ghs_1']);
    await clock.advance(50 * MINUTE - 1);
    expect(await password()).toBe('ghs_1');
    await clock.advance(1);
    expect(await password()).toBe('ghs_2');
  });

  it('lives as long where the clocks differ', async () => {
    const { clock, credentials } = open((now) => [installed(), minted('ghs_1', now.nowMs() - 3 * HOUR)]);
    const credential = await credentials.credential(REPOSITORY, 'push');
    expect(credential?.expiresAtMs).toBe(clock.nowMs() + HOUR);
  });

  it('is denied for pushing where the App may only read, and missing where it is not installed', async () => {
    const onlyReads = { metadata: 'read', contents: 'read' };
    const { credentials } = open((clock) => [
      installed(onlyReads),
      minted('1', clock.nowMs(), onlyReads),
      answer(404, {}, { message: 'Not Found' }),
      installed(),
      answer(
        422,
        {},
        {
          message:
            'There is at least one repository that does not exist or is not accessible to the parent installation.',
        },
      ),
    ]);
    await expectFault(credentials.credential(REPOSITORY, 'push'), 'denied');
    await expectFault(credentials.credential('https://github.com/octocat/other', 'read'), 'missing');
    await expectFault(credentials.credential('https://github.com/octocat/third', 'read'), 'missing');
    expect(await credentials.credential('https://gitlab.example/octocat/hello', 'push')).toBeUndefined();
  });

  it('comes from the installation that is named', async () => {
    const { seen, credentials } = open((clock) => [installed(), minted('1', clock.nowMs())], {
      installationId: 3,
    });
    await credentials.credential(REPOSITORY, 'read');
    expect(seen[1]?.url).toBe('https://api.github.com/app/installations/3/access_tokens');
    const other = open(() => [installed()], { installationId: 4 });
    await expectFault(other.credentials.credential(REPOSITORY, 'read'), 'missing');
  });
});

describe('an App', () => {
  it('signs with its key', async () => {
    const { seen, identity } = open(() => [answer(200, {}, { slug: 'swe' })]);
    expect([await identity.login(), await identity.login()]).toEqual(['swe[bot]', 'swe[bot]']);
    const [head, claims, signature] = (seen[0]?.headers.get('authorization') ?? '').split(/[ .]/).slice(1);
    const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
    expect(verify.verify(publicKey, signature ?? '', 'base64url')).toBe(true);
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toMatchObject({ iss: '12345' });
  });

  it('asks for no more than it has been granted, and mints anew what GitHub refuses', async () => {
    const { seen, identity } = open((clock) => [
      installed(),
      minted('ghs_1', clock.nowMs()),
      installed(),
      minted('ghs_2', clock.nowMs()),
    ]);
    const wish = { repository: { owner: 'octocat', repo: 'hello' }, purpose: 'talk' } as const;
    expect(await identity.token(wish)).toBe('ghs_1');
    expect(await identity.token({ ...wish, refused: 'ghs_1' })).toBe('ghs_2');
    expect(await identity.token({ ...wish, refused: 'ghs_1' })).toBe('ghs_2');
    expect(bodies(seen)[0]).toEqual({
      repositories: ['hello'],
      permissions: { metadata: 'read', contents: 'read', issues: 'write', pull_requests: 'write' },
    });
  });

  it('may push what it has been granted', async () => {
    const { identity } = open(() => [installed(), installed({ contents: 'read' })]);
    const name = { owner: 'octocat', repo: 'hello' };
    expect([await identity.mayPush(name), await identity.mayPush(name)]).toEqual([true, false]);
  });

  it("tells its time by GitHub's clock where its own is wrong", async () => {
    const message = "'Expiration time' claim ('exp') is too far in the future";
    const late = new Date(Date.now() - HOUR).toUTCString();
    const { seen, identity } = open(() => [
      answer(401, { date: late }, { message }),
      answer(200, {}, { slug: 'swe' }),
    ]);
    expect(await identity.login()).toBe('swe[bot]');
    const [first = 0, second = 0] = seen.map(({ headers }) => {
      const claims = headers.get('authorization')?.split('.')[1] ?? '';
      return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iat: number }).iat;
    });
    expect(Math.round((first - second) / 60)).toBe(60);
  });
});
