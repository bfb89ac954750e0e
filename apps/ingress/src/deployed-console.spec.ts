import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CALLBACK_PATH } from '@swe/adapter-http/console';
import { ingressApp } from '@swe/adapter-http/ingress';
import { Fault } from '@swe/domain';
import { openMemoryApi } from '@swe/testing/memory';
import type { MemoryApi } from '@swe/testing/memory';
import { openLoopbackCognito } from '@swe/testing/servers';
import type { LoopbackCognito } from '@swe/testing/servers';
import { openHttpApi } from '@swe/wiring/http-api';
import { DeployedConsole } from './deployed-console';

const COOKIE = '__Host-swe';
const OWN = 'https://api.example';
const ADA = { sub: '5c1b0c9e', email: 'ada@example.com', groups: ['member'] };
const prefixOf = (digit: string): string => `console/${digit.repeat(64)}/`;

/** What lies in the bucket, the page's version in its script's name. */
const bucket: Readonly<Record<string, string>> = Object.fromEntries(
  ['1', '2'].flatMap((version) => [
    [`${prefixOf(version)}index.html`, `<!doctype html><title>${version}</title>`],
    [`${prefixOf(version)}assets/index-${version}.js`, `console.log(${version})`],
    [`${prefixOf(version)}assets/index-${version}.js.br`, 'compressed'],
  ]),
);

let cognito: LoopbackCognito;
let of: MemoryApi;
/** What the stack told, as it is read at the moment. */
let told: () => string;
let reads: string[];
let send: (path: string, init?: RequestInit) => Promise<Response>;
beforeEach(async () => {
  cognito = await openLoopbackCognito({
    callbackUrls: [`${OWN}${CALLBACK_PATH}`],
    logoutUrls: [`${OWN}/`],
  });
  cognito.person = ADA;
  told = () => settingOf('1');
  reads = [];
  of = openMemoryApi((ports, rules) => {
    const console = new DeployedConsole({
      ...ports,
      cookie: COOKIE,
      readSetting: async () => told(),
      async readObjects(prefix) {
        reads.push(prefix);
        const found = Object.entries(bucket).filter(([key]) => key.startsWith(prefix));
        return new Map(found.map(([key, text]) => [key.slice(prefix.length), Buffer.from(text)]));
      },
    });
    const below = openHttpApi(ports, rules, { cookie: COOKIE });
    const { logger } = ports;
    const { fetch } = ingressApp({ posts: {}, below, rest: (request) => console.fetch(request), logger });
    send = async (path, init) => fetch(new Request(`${OWN}${path}`, init));
    return fetch;
  });
});
afterEach(() => cognito.close());

function settingOf(version: string): string {
  const { issuer, clientId, domain } = cognito;
  return JSON.stringify({ files: prefixOf(version), issuer, clientId, domain });
}

/** A browser: it keeps cookies, follows where it is sent, and says of itself where it is. */
function openBrowser() {
  const jar = new Map<string, string>();
  const visit = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const isOwn = url.startsWith(OWN);
    const response = isOwn
      ? await send(url.slice(OWN.length), { ...init, headers: { cookie, ...init.headers } })
      : await fetch(url, { redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const to = [302, 303].includes(response.status) ? response.headers.get('location') : null;
    return to === null ? response : visit(new URL(to, url).href);
  };
  return {
    jar,
    get: (path: string) => visit(`${OWN}${path}`),
    goTo: visit,
    post: (path: string, body?: object) =>
      visit(`${OWN}${path}`, {
        method: 'POST',
        headers: { origin: OWN },
        ...(body && { body: JSON.stringify(body) }),
      }),
  };
}

describe('a person with an account', () => {
  it('signs in, has work done as themselves, and signs out', async () => {
    const browser = openBrowser();
    expect((await browser.get('/api/v1/sessions')).status).toBe(401);
    const page = await browser.get('/sign-in');
    expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>1</title>']);
    expect([...browser.jar.keys()]).toEqual([COOKIE]);

    const made = await browser.post('/api/v1/sessions', { task: 'Fix it.' });
    expect([made.status, await made.json()]).toEqual([
      201,
      expect.objectContaining({ requester: 'cognito:5c1b0c9e' }),
    ]);
    expect((await browser.get('/api/v1/keys')).status).toBe(403);

    const { next } = (await (await browser.post('/sign-out')).json()) as { next: string };
    expect([...browser.jar.keys()]).toEqual([]);
    await browser.goTo(next);
    expect(cognito.person).toBeUndefined();
    expect(await of.keys.list()).toEqual([]);
  });

  it('who is in no group gets no further than the door', async () => {
    cognito.person = { ...ADA, groups: [] };
    const browser = openBrowser();
    await browser.get('/sign-in');
    expect([...browser.jar.keys()]).toEqual([]);
    expect((await browser.get('/api/v1/sessions')).status).toBe(401);
  });

  it('who left a group acts by it until their key has expired, and no longer', async () => {
    cognito.person = { ...ADA, groups: ['admin'] };
    const browser = openBrowser();
    await browser.get('/sign-in');
    cognito.person = { ...ADA, groups: ['viewer'] };
    expect((await browser.get('/api/v1/keys')).status).toBe(200);
    await of.clock.advance(12 * 60 * 60_000);
    expect((await browser.get('/api/v1/keys')).status).toBe(401);
    await browser.get('/sign-in');
    expect((await browser.get('/api/v1/keys')).status).toBe(403);
    expect((await browser.get('/api/v1/sessions')).status).toBe(200);
  });
});

describe('the files', () => {
  it('are read once, and served compressed', async () => {
    expect(reads).toEqual([]);
    const headers = { 'accept-encoding': 'br' };
    for (const path of ['/', '/settings', '/assets/index-1.js']) {
      expect((await send(path, { headers })).status).toBe(200);
    }
    const script = await send('/assets/index-1.js', { headers });
    expect([script.headers.get('content-encoding'), await script.text()]).toEqual(['br', 'compressed']);
    expect(reads).toEqual([prefixOf('1')]);
  });

  it('are those of a newer page within a minute, and at once where only that has them', async () => {
    await send('/');
    told = () => settingOf('2');
    expect(await (await send('/')).text()).toContain('<title>1');
    await of.clock.advance(5_000);
    expect(await (await send('/')).text()).toContain('<title>1');
    expect(await (await send('/assets/index-2.js')).text()).toBe('console.log(2)');
    expect(await (await send('/')).text()).toContain('<title>2');
    told = () => settingOf('1');
    await of.clock.advance(60_000);
    expect(await (await send('/')).text()).toContain('<title>1');
    expect(reads).toEqual(['1', '2', '1'].map(prefixOf));
  });

  it('stay what they were while it can’t be read which they are', async () => {
    await send('/');
    told = () => {
      throw new Fault('throttled', 'too often');
    };
    await of.clock.advance(60_000);
    expect((await send('/')).status).toBe(200);
    expect(of.logged.map(({ event }) => event)).toEqual(['console.not-read']);
  });

  it('are to be tried again where they were never read, and are there as soon as they can be', async () => {
    told = () => {
      throw new Fault('throttled', 'too often');
    };
    expect((await send('/')).status).toBe(503);
    told = () => settingOf('1');
    expect((await send('/')).status).toBe(200);
  });
});

it('without its stack there is no console, which is not asked for at each request, and the API all the same', async () => {
  let asked = 0;
  told = () => {
    asked += 1;
    throw new Fault('missing', 'there is no parameter');
  };
  for (const path of ['/', '/sign-in', '/assets/index-1.js', '/wp-login.php']) {
    expect((await send(path)).status).toBe(404);
  }
  expect(asked).toBe(1);
  const { token } = await of.key(['read']);
  expect((await of.send('GET', '/sessions', { token })).status).toBe(200);
  told = () => settingOf('1');
  await of.clock.advance(60_000);
  expect((await send('/')).status).toBe(200);
});
