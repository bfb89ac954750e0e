import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { ApiScope } from '@swe/domain';
import { ManualClock, MemoryApiKeys } from '@swe/testing/memory';
import { authenticate } from '../authenticate';
import { AccountSignIn } from './account-sign-in';
import type { Accounts, Person } from './account-sign-in';
import { consoleApp } from './console-app';

const COOKIE = '__Host-swe';
const OWN = 'https://console.example';
const ADA: Person = { id: 'cognito:5c1b0c9e', email: 'ada@example.com', groups: ['member'] };
const HALF_DAY_SECONDS = 12 * 60 * 60;

/** Accounts at which one person signs in. */
class OnePerson implements Accounts {
  person = ADA;

  async begin(callback: string) {
    return { url: `https://accounts.example/?back=${callback}`, attempt: 'one.two.three' };
  }
  async finish(cameBackTo: URL, attempt: string): Promise<Person> {
    if (cameBackTo.searchParams.get('code') === 'down') throw new Fault('transient', 'out of reach');
    const isRight = cameBackTo.searchParams.get('code') === 'right' && attempt === 'one.two.three';
    if (!isRight) throw new Fault('denied', 'not them');
    return this.person;
  }
  leave(home: string): string {
    return `https://accounts.example/logout?to=${home}`;
  }
}

function open({ hasAccounts = true } = {}) {
  const [keys, clock] = [new MemoryApiKeys(), new ManualClock()];
  let ids = 0;
  const random = { id: () => (ids += 1).toString(16).padStart(8, '0').padEnd(32, '0') };
  const known = new OnePerson();
  const warned: unknown[] = [];
  const logger = { warn: (_: string, fields?: object) => void warned.push(fields), error: () => undefined };
  const { fetch } = consoleApp({
    files: new Map(),
    cookie: COOKIE,
    keys,
    clock,
    logger,
    ...(hasAccounts && { accounts: new AccountSignIn({ keys, clock, random }, known) }),
  });
  const send = async (path: string, init: RequestInit = {}, origin = OWN) =>
    fetch(new Request(`${origin}${path}`, init));
  return { keys, clock, known, warned, send };
}

type Open = ReturnType<typeof open>;
const cookiesIn = (response: Response): readonly string[] => response.headers.getSetCookie();
const keyIn = (response: Response): string =>
  cookiesIn(response).flatMap((each) => /^__Host-swe=([^;]+)/.exec(each)?.[1] ?? [])[0] ?? '';

const cameBack = ({ send }: Open, query = 'code=right', attempt = 'one.two.three') =>
  send(`/sign-in/callback?${query}`, { headers: { cookie: `${COOKIE}_attempt=${attempt}` } });

describe('signing in with an account', () => {
  it('begins at the pages of the accounts, and keeps the attempt from scripts and other sites', async () => {
    const begun = await open().send('/sign-in');
    expect([begun.status, begun.headers.get('location'), begun.headers.get('cache-control')]).toEqual([
      303,
      `https://accounts.example/?back=${OWN}/sign-in/callback`,
      'no-store',
    ]);
    expect(cookiesIn(begun)).toEqual([
      '__Host-swe_attempt=one.two.three; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax; Secure',
    ]);
  });

  it('has a cookie without TLS only where there is none', async () => {
    const begun = await open().send('/sign-in', {}, 'http://127.0.0.1:4711');
    expect(cookiesIn(begun)[0]).not.toContain('Secure');
  });

  it('ends with a key of the API for half a day, for the person and no further than their group', async () => {
    const of = open();
    const back = await cameBack(of);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/']);
    expect(cookiesIn(back)).toEqual([
      expect.stringMatching(
        /^__Host-swe=swe_k\S+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
      ),
      '__Host-swe_attempt=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    ]);
    const headers = new Headers({ cookie: `${COOKIE}=${keyIn(back)}` });
    expect(await authenticate(of, headers, COOKIE)).toMatchObject({
      name: 'Browser of ada@example.com',
      actsAs: 'cognito:5c1b0c9e',
      createdBy: 'cognito:5c1b0c9e',
      scopes: ['run'],
      expiresAtMs: of.clock.nowMs() + HALF_DAY_SECONDS * 1_000,
    });
    await of.clock.advance(HALF_DAY_SECONDS * 1_000);
    expect(await authenticate(of, headers, COOKIE)).toBeUndefined();
  });

  it.each<[readonly string[], readonly ApiScope[]]>([
    [['admin'], ['admin']],
    [['member'], ['run']],
    [['viewer'], ['read']],
  ])('gives %j the scopes %j', async (groups, scopes) => {
    const of = open();
    of.known.person = { ...ADA, groups };
    await cameBack(of);
    expect((await of.keys.list()).map((key) => key.scopes)).toEqual([scopes]);
  });

  it('gives nothing to somebody in no group, and tells them', async () => {
    const of = open();
    of.known.person = { ...ADA, groups: ['staff'] };
    const back = await cameBack(of);
    expect([back.headers.get('location'), keyIn(back)]).toEqual(['/?sign-in=no-role', '']);
    expect(await of.keys.list()).toEqual([]);
  });

  it.each([
    ['code=wrong', 'one.two.three'],
    ['code=right', ''],
    ['error=access_denied', 'one.two.three'],
    ['', 'one.two.three'],
  ])('lets nobody in who came back with %j having kept %j', async (query, attempt) => {
    const of = open();
    const back = await cameBack(of, query, attempt);
    expect([back.status, back.headers.get('location'), keyIn(back)]).toEqual([303, '/?sign-in=refused', '']);
    expect(cookiesIn(back)).toEqual([expect.stringMatching(/^__Host-swe_attempt=; /)]);
    expect(of.warned).toEqual([{ why: 'refused', reason: 'not them' }]);
    expect(await of.keys.list()).toEqual([]);
  });

  it('is to be tried again while the accounts are out of reach', async () => {
    expect((await cameBack(open(), 'code=down')).status).toBe(503);
  });

  it('leaves no key behind that has expired', async () => {
    const of = open();
    await cameBack(of);
    await of.clock.advance(HALF_DAY_SECONDS * 1_000);
    await cameBack(of);
    await cameBack(of);
    expect(await of.keys.list()).toHaveLength(2);
  });

  it('ends with the key, and at the accounts’ own sign-out', async () => {
    const of = open();
    const cookie = `${COOKIE}=${keyIn(await cameBack(of))}`;
    const out = await of.send('/sign-out', { method: 'POST', headers: { cookie, origin: OWN } });
    expect(await out.json()).toEqual({ next: `https://accounts.example/logout?to=${OWN}/` });
    expect(cookiesIn(out)).toEqual([expect.stringMatching(/^__Host-swe=; .*Max-Age=0/)]);
    expect(await of.keys.list()).toEqual([]);
    const again = await of.send('/sign-out', { method: 'POST', headers: { cookie, origin: OWN } });
    expect(await again.json()).toEqual({ next: '/' });
  });
});

it.each([true, false])('the page is told whether there are accounts: %s', async (hasAccounts) => {
  const { send } = open({ hasAccounts });
  expect(await (await send('/sign-in/options')).json()).toEqual({ accounts: hasAccounts });
  const begun = await send('/sign-in');
  expect([begun.status, begun.headers.get('location') === '/']).toEqual([303, !hasAccounts]);
  expect((await send('/sign-in/callback')).status).toBe(hasAccounts ? 303 : 404);
});
