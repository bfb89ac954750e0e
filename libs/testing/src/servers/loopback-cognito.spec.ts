import { createHash, createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLoopbackCognito } from './loopback-cognito';
import type { LoopbackCognito } from './loopback-cognito';

const CALLBACK = 'https://www.example.com/callback';
const HOME = 'https://www.example.com/';
const ADA = { sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', email: 'my-test-user@example.com', groups: ['a'] };
const VERIFIER = 'v'.repeat(43);

let cognito: LoopbackCognito;
beforeEach(async () => {
  cognito = await openLoopbackCognito({ callbackUrls: [CALLBACK], logoutUrls: [HOME] });
  cognito.person = ADA;
});
afterEach(() => cognito.close());

const get = (path: string, query: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${cognito.domain}${path}?${new URLSearchParams(query)}`, { redirect: 'manual' });

/** As "Example: Authorization code grant with PKCE" has it. */
async function authorize(changes: Readonly<Record<string, string>> = {}) {
  const response = await get('/oauth2/authorize', {
    response_type: 'code',
    client_id: cognito.clientId,
    redirect_uri: CALLBACK,
    state: 'abcdefg',
    scope: 'openid email',
    nonce: 'n0nce',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  });
  const { headers, status } = response;
  return { status, location: headers.get('location') ?? '' };
}
const codeIn = (location: string): string => new URL(location).searchParams.get('code') ?? '';

/** As "Exchanging an authorization code grant with PKCE for tokens" has it. */
const exchange = (code: string, changes: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${cognito.domain}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: cognito.clientId,
      code,
      code_verifier: VERIFIER,
      redirect_uri: CALLBACK,
      ...changes,
    }),
  });

const decoded = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

describe('the authorize endpoint', () => {
  it('sends who has signed in back with a code and the state', async () => {
    const { status, location } = await authorize();
    expect(status).toBe(302);
    expect(location).toMatch(/^https:\/\/www\.example\.com\/callback\?state=abcdefg&code=[0-9a-f-]{36}$/);
  });

  it('sends who has not to the sign-in page', async () => {
    cognito.person = undefined;
    expect((await authorize()).location).toContain(`${cognito.domain}/login?response_type=code`);
  });

  it('sends nobody to an address that the client does not have', async () => {
    expect(await authorize({ redirect_uri: 'https://evil.example/' })).toEqual({ status: 400, location: '' });
  });
});

describe('the token endpoint', () => {
  it('gives tokens of the documented form for a code', async () => {
    const response = await exchange(codeIn((await authorize()).location));
    const tokens = (await response.json()) as Record<string, string>;
    expect(tokens).toEqual({
      access_token: expect.any(String),
      id_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
    });
    const [header, payload, signature = ''] = tokens['id_token']?.split('.') ?? [];
    expect(decoded(header)).toEqual({ kid: '1234example=', alg: 'RS256' });
    expect(decoded(payload)).toMatchObject({
      sub: ADA.sub,
      'cognito:groups': ['a'],
      iss: cognito.issuer,
      nonce: 'n0nce',
      aud: cognito.clientId,
      token_use: 'id',
      email: ADA.email,
    });
    const { keys } = (await (await fetch(`${cognito.issuer}/.well-known/jwks.json`)).json()) as {
      keys: [JsonWebKey];
    };
    const key = createPublicKey({ key: { ...keys[0] }, format: 'jwk' });
    const isSigned = () =>
      verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
    expect([keys[0], isSigned()]).toEqual([
      { kid: '1234example=', alg: 'RS256', kty: 'RSA', e: 'AQAB', n: expect.any(String), use: 'sig' },
      true,
    ]);
  });

  it.each([
    ['invalid_grant', { code_verifier: 'w'.repeat(43) }],
    ['invalid_grant', { redirect_uri: HOME }],
    ['invalid_grant', { code: 'other' }],
    ['invalid_client', { client_id: 'other' }],
    ['unsupported_grant_type', { grant_type: 'password' }],
  ])('says %s of %j', async (error, changes) => {
    const response = await exchange(codeIn((await authorize()).location), changes);
    expect([response.status, await response.json()]).toEqual([400, { error }]);
  });

  it('takes a code once', async () => {
    const code = codeIn((await authorize()).location);
    expect((await exchange(code)).status).toBe(200);
    expect(await (await exchange(code)).json()).toEqual({ error: 'invalid_grant' });
  });
});

it('the logout endpoint ends what the hosted pages know, and leads to an address that the client has', async () => {
  const leave = (logout_uri: string) => get('/logout', { client_id: cognito.clientId, logout_uri });
  expect((await leave('https://evil.example/')).status).toBe(400);
  const left = await leave(HOME);
  expect([left.status, left.headers.get('location')]).toEqual([302, HOME]);
  expect((await authorize()).location).toContain('/login?');
});
