import { expect, it } from '@jest/globals';
import { ManualClock } from '@swe/testing/memory';
import { githubServer } from '../github-server';
import { handleGithubRequest } from './handle-github-request';
import { pingWebhook } from './ping-webhook';

const url = 'https://swe.example/github/webhooks';

/** What answers at the address: the ingress's own code, with this secret. */
const ingress =
  (webhookSecret: string): typeof fetch =>
  (address, init) =>
    handleGithubRequest(new Request(address, init), {
      server: githubServer('https://github.com'),
      webhookSecret: async () => webhookSecret,
      login: async () => 'swe-agent',
      handle: () => Promise.reject(new Error('a ping is nothing to act on')),
      clock: new ManualClock(),
      logger: { warn: () => undefined, debug: () => undefined },
    });

const ping = (fetch: typeof globalThis.fetch) =>
  pingWebhook({ url, secret: 'stored', fetch, signal: new AbortController().signal });

it('is content with an ingress that goes by the same secret', async () => {
  expect(await ping(ingress('stored'))).toBe(`${url} takes deliveries`);
});

it.each<[string, typeof fetch, RegExp]>([
  ['another secret', ingress('another'), /does not take what is signed with the stored webhook secret/],
  ['a failure', async () => new Response(null, { status: 502 }), /answers 502: the ingress's log says why/],
  ['another place', async () => new Response(null, { status: 404 }), /answers 404, and not as the ingress/],
  ['nobody', () => Promise.reject(new TypeError('fetch failed')), /can't be reached/],
])('says what is wrong with %s', async (_, fetch, words) => {
  await expect(ping(fetch)).rejects.toThrow(words);
});
