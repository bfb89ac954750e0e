import { expect, it } from '@jest/globals';
import { handleSlackRequest } from './handle-slack-request';
import { verifyUrl } from './verify-url';

const NOW_MS = Date.UTC(2026, 10, 26);
const url = 'https://swe.example/slack/events';

/** What answers at the address: the ingress's own code, with this secret. */
const ingress =
  (signingSecret: string): typeof fetch =>
  (address, init) =>
    handleSlackRequest(new Request(address, init), {
      signingSecret: async () => signingSecret,
      handle: async () => undefined,
      clock: { nowMs: () => NOW_MS },
      logger: { warn: () => undefined, debug: () => undefined },
    });

const verify = (fetch: typeof globalThis.fetch) =>
  verifyUrl({ url, signingSecret: 'stored', nowMs: NOW_MS, fetch, signal: new AbortController().signal });

it('is content with an ingress that goes by the same secret', async () => {
  expect(await verify(ingress('stored'))).toBe(`${url} answers`);
});

it.each<[string, typeof fetch, RegExp]>([
  ['another secret', ingress('another'), /does not take what is signed with the stored signing secret/],
  ['a failure', async () => new Response(null, { status: 502 }), /answers 502: the ingress's log says why/],
  ['another challenge', async () => Response.json({ challenge: 'x' }), /answers 200, and not as the ingress/],
  ['a page', async () => new Response('<html>'), /answers 200, and not as the ingress/],
  ['nobody', () => Promise.reject(new TypeError('fetch failed')), /can't be reached/],
])('says what is wrong with %s', async (_, fetch, words) => {
  await expect(verify(fetch)).rejects.toThrow(words);
});
