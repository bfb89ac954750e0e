import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openLoopbackImds } from './loopback-imds';
import type { LoopbackImds } from './loopback-imds';

const tags: Record<string, string> = {};
let imds: LoopbackImds;
beforeEach(async () => {
  imds = await openLoopbackImds(() => tags);
});
afterEach(() => imds.close());

const TTL = 'X-aws-ec2-metadata-token-ttl-seconds';

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${imds.endpoint}${path}`, init);
  return { status: response.status, body: await response.text() };
}

async function askWithToken(path: string) {
  const { body: token } = await ask('/latest/api/token', { method: 'PUT', headers: { [TTL]: '21600' } });
  return ask(path, { headers: { 'X-aws-ec2-metadata-token': token } });
}

it('gives a token as https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html has it', async () => {
  expect((await ask('/latest/api/token', { method: 'PUT' })).status).toBe(400);
  expect((await ask('/latest/api/token', { method: 'PUT', headers: { [TTL]: '21601' } })).status).toBe(400);
  expect((await ask('/latest/api/token', { method: 'PUT', headers: { [TTL]: '60' } })).status).toBe(200);
});

it('gives nothing without a token, as version 2 alone does', async () => {
  tags['swe:session'] = 's1';
  expect((await ask('/latest/meta-data/tags/instance/swe:session')).status).toBe(401);
});

it('gives an instance’s tags as they are', async () => {
  tags['swe:generation'] = '2';
  expect(await askWithToken('/latest/meta-data/tags/instance/swe:generation')).toEqual({
    status: 200,
    body: '2',
  });
  expect((await askWithToken('/latest/meta-data/tags/instance/none')).status).toBe(404);
});

it('gives the credentials of the instance’s role', async () => {
  const roles = '/latest/meta-data/iam/security-credentials/';
  const { body: role } = await askWithToken(roles);
  expect(JSON.parse((await askWithToken(`${roles}${role}`)).body)).toMatchObject({
    Code: 'Success',
    Token: 'token',
  });
});

it('gives a spot notice as https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html shows it', async () => {
  const path = '/latest/meta-data/spot/instance-action';
  expect((await askWithToken(path)).status).toBe(404);
  imds.giveSpotNotice('2017-09-18T08:22:00Z');
  expect(JSON.parse((await askWithToken(path)).body)).toEqual({
    action: 'terminate',
    time: '2017-09-18T08:22:00Z',
  });
});
