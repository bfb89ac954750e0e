import { describe, expect, it } from '@jest/globals';
import { InstanceMetadata } from './instance-metadata';

/** The metadata service as its documentation has it: a token first, and 404 while there is no notice. */
function openService(notice: () => Response | Error) {
  const tokens: string[] = [];
  let expired = false;
  const asked: string[] = [];
  const answer: typeof fetch = async (url, init) => {
    const { pathname } = new URL(String(url));
    const headers = new Headers(init?.headers);
    asked.push(`${init?.method ?? 'GET'} ${pathname}`);
    if (pathname === '/latest/api/token') {
      if (init?.method !== 'PUT' || !headers.has('x-aws-ec2-metadata-token-ttl-seconds')) {
        return new Response('', { status: 400 });
      }
      expired = false;
      tokens.push(`token-${tokens.length + 1}`);
      return new Response(tokens.at(-1));
    }
    const isGood = headers.get('x-aws-ec2-metadata-token') === tokens.at(-1) && !expired;
    if (!isGood) return new Response('', { status: 401 });
    const given = notice();
    if (given instanceof Error) throw given;
    return given;
  };
  const metadata = new InstanceMetadata({ fetch: answer, endpoint: 'http://127.0.0.1:9' });
  return { metadata, asked, expire: () => void (expired = true) };
}

const none = (): Response => new Response('', { status: 404 });

describe('a spot notice', () => {
  it('is absent until EC2 gives one, and a token is asked for once', async () => {
    let given = none();
    const { metadata, asked } = openService(() => given);
    expect(await metadata.spotNotice()).toBeUndefined();
    given = Response.json({ action: 'terminate', time: '2026-09-18T08:22:00Z' });
    expect(await metadata.spotNotice()).toEqual({ action: 'terminate', time: '2026-09-18T08:22:00Z' });
    const path = 'GET /latest/meta-data/spot/instance-action';
    expect(asked).toEqual(['PUT /latest/api/token', path, path]);
  });

  it('is read with a new token when the old one has expired', async () => {
    const { metadata, expire, asked } = openService(none);
    await metadata.spotNotice();
    expire();
    expect(await metadata.spotNotice()).toBeUndefined();
    expect(asked.filter((what) => what.startsWith('PUT'))).toHaveLength(2);
  });

  it('that cannot be read is one all the same', async () => {
    const { metadata } = openService(() => new Response('stop'));
    expect(await metadata.spotNotice()).toMatchObject({ action: 'unknown' });
  });

  it.each([new Error('connect ECONNREFUSED'), new Response('', { status: 500 })])(
    'cannot be asked for when the service fails',
    async (failure) => {
      const { metadata } = openService(() => failure);
      await expect(metadata.spotNotice()).rejects.toMatchObject({ kind: 'transient' });
    },
  );

  it('cannot be asked for when the answer breaks off in the middle of a token', async () => {
    const broken = new ReadableStream({ start: (stream) => stream.error(new Error('terminated')) });
    const answer: typeof fetch = async () => new Response(broken);
    const metadata = new InstanceMetadata({ fetch: answer, endpoint: 'http://127.0.0.1:9' });
    await expect(metadata.spotNotice()).rejects.toMatchObject({ kind: 'transient' });
  });
});
