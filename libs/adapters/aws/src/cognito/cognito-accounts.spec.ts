import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { openLoopbackCognito } from '@swe/testing/servers';
import type { LoopbackCognito } from '@swe/testing/servers';
import { CognitoAccounts } from './cognito-accounts';

const CALLBACK = 'https://console.example/sign-in/callback';
const HOME = 'https://console.example/';
const ADA = { sub: '5c1b0c9e', email: 'ada@example.com', groups: ['member'] };

let cognito: LoopbackCognito;
let accounts: CognitoAccounts;
beforeEach(async () => {
  cognito = await openLoopbackCognito({ callbackUrls: [CALLBACK], logoutUrls: [HOME] });
  cognito.person = ADA;
  accounts = new CognitoAccounts(cognito);
});
afterEach(() => cognito.close());

/** What a browser does with an address that it is sent to. */
async function follow(url: string): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '');
}

async function cameBack() {
  const { url, attempt } = await accounts.begin(CALLBACK);
  return { attempt, cameBackTo: await follow(url) };
}

it('gives who signed in, and what groups they are in', async () => {
  const { attempt, cameBackTo } = await cameBack();
  expect(await accounts.finish(cameBackTo, attempt)).toEqual({
    id: 'cognito:5c1b0c9e',
    email: 'ada@example.com',
    groups: ['member'],
  });
});

it('gives somebody who is in no group as that', async () => {
  cognito.person = { ...ADA, groups: [] };
  const { attempt, cameBackTo } = await cameBack();
  expect(await accounts.finish(cameBackTo, attempt)).toMatchObject({ groups: [] });
});

describe('nobody is let in', () => {
  it('by another browser’s attempt', async () => {
    const [ours, theirs] = [await cameBack(), await cameBack()];
    await expectFault(accounts.finish(theirs.cameBackTo, ours.attempt), 'denied');
  });

  it('by another state', async () => {
    const { attempt, cameBackTo } = await cameBack();
    cameBackTo.searchParams.set('state', 'other');
    await expectFault(accounts.finish(cameBackTo, attempt), 'denied');
    cameBackTo.searchParams.delete('state');
    await expectFault(accounts.finish(cameBackTo, attempt), 'denied');
  });

  it('by a code that was used', async () => {
    const { attempt, cameBackTo } = await cameBack();
    await accounts.finish(cameBackTo, attempt);
    await expectFault(accounts.finish(cameBackTo, attempt), 'denied');
  });

  it('by another verifier', async () => {
    const { attempt, cameBackTo } = await cameBack();
    const [state, nonce] = attempt.split('.');
    await expectFault(accounts.finish(cameBackTo, [state, nonce, 'v'.repeat(43)].join('.')), 'denied');
  });

  it.each(['', 'a.b', 'a.b.c.d'])('without having begun: %j', async (kept) => {
    await expectFault(accounts.finish((await cameBack()).cameBackTo, kept), 'denied');
  });

  it('when they gave up at the hosted pages', async () => {
    const { attempt, cameBackTo } = await cameBack();
    cameBackTo.searchParams.delete('code');
    cameBackTo.searchParams.set('error', 'access_denied');
    await expectFault(accounts.finish(cameBackTo, attempt), 'denied');
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another nonce', { nonce: 'other' }],
    ['no nonce', { nonce: undefined }],
    ['another client', { aud: 'other' }],
    ['another pool', { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other' }],
    ['a time that is over', { exp: 1_700_000_000 }],
    ['nobody', { sub: undefined }],
  ])('by a token for %s', async (_name, claims) => {
    cognito.claims = claims;
    const { attempt, cameBackTo } = await cameBack();
    await expectFault(accounts.finish(cameBackTo, attempt), 'denied');
  });

  it('by a token of another key', async () => {
    await cognito.signWithAnotherKey();
    const { attempt, cameBackTo } = await cameBack();
    await expectFault(accounts.finish(cameBackTo, attempt), 'denied');
  });

  it('while Cognito is out of reach, which passes', async () => {
    const { attempt, cameBackTo } = await cameBack();
    await cognito.close();
    await expectFault(accounts.finish(cameBackTo, attempt), 'transient');
  });
});

it('leads out by Cognito’s own sign-out', async () => {
  expect((await follow(accounts.leave(HOME))).href).toBe(HOME);
  expect(cognito.person).toBeUndefined();
});
