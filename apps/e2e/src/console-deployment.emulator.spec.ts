import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { createTableInput } from '@swe/adapter-aws/dynamodb';
import { CALLBACK_PATH, readStaticFiles, toObjects } from '@swe/adapter-http/console';
import { openDynamoDbLocal, openLoopbackCognito, openMoto } from '@swe/testing/servers';
import type { LoopbackCognito } from '@swe/testing/servers';
import { z } from 'zod';
import { startLambda } from './cloud/lambda-function';
import type { LambdaFunction } from './cloud/lambda-function';

jest.setTimeout(120_000);

const ROOT = resolve(import.meta.dirname, '../../..');
const [REGION, TABLE, BUCKET] = ['eu-west-1', 'swe-e2e', 'swe-e2e-bucket'] as const;
const PARAMETER = '/remote-swe/e2e/console';
const FILES = `console/${'0'.repeat(64)}/`;
const HOST = 'abc123.execute-api.eu-west-1.amazonaws.com';
const OWN = `https://${HOST}`;
const ADA = { sub: '5c1b0c9e', email: 'ada@example.com', groups: ['member'] };
const NOWHERE = '127.0.0.1:9';

const result = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

let folder: string;
let cognito: LoopbackCognito;
let ingress: LambdaFunction;
let script: string;
const ending: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swe-console-'));
  const [dynamo, moto] = await Promise.all([openDynamoDbLocal(), openMoto()]);
  cognito = await openLoopbackCognito({ callbackUrls: [`${OWN}${CALLBACK_PATH}`], logoutUrls: [`${OWN}/`] });
  ending.push(dynamo.close, moto.close, cognito.close);
  cognito.person = ADA;

  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint: moto.endpoint, region: REGION, credentials };
  const table = new DynamoDBClient({ ...settings, endpoint: dynamo.endpoint });
  await table.send(new CreateTableCommand(createTableInput(TABLE)));
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const place = { LocationConstraint: REGION };
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: place }));
  const objects = await toObjects(await readStaticFiles(join(ROOT, 'dist/apps/console')));
  script = [...objects.keys()].find((name) => name.endsWith('.js')) ?? '';
  for (const [name, Body] of objects) {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${FILES}${name}`, Body }));
  }
  const { issuer, clientId, domain } = cognito;
  const Value = JSON.stringify({ files: FILES, issuer, clientId, domain });
  const ssm = new SSMClient(settings);
  await ssm.send(new PutParameterCommand({ Name: PARAMETER, Type: 'String', Value }));
  for (const client of [table, s3, ssm]) client.destroy();

  ingress = await startLambda(join(ROOT, 'dist/apps/ingress/index.mjs'), folder, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_S3: moto.endpoint,
    AWS_ENDPOINT_URL_SSM: moto.endpoint,
    SWE_ENV: 'e2e',
    SWE_TABLE_NAME: TABLE,
    SWE_BUCKET_NAME: BUCKET,
    SWE_EVENTS_HTTP_URL: `http://${NOWHERE}`,
    SWE_EVENTS_REALTIME_URL: `ws://${NOWHERE}`,
    SWE_CONSOLE_PARAMETER: PARAMETER,
  });
  ending.push(ingress.close);
});
afterAll(async () => {
  for (const end of ending.toReversed()) await end();
  rmSync(folder, { recursive: true, force: true });
});

/** A request as API Gateway gives it: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
async function send(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  cookies: string[] = [],
) {
  const { pathname, search } = new URL(url, OWN);
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    cookies,
    headers: { host: HOST, ...headers },
    requestContext: {
      domainName: HOST,
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' },
    },
    isBase64Encoded: false,
  };
  return result.parse(await ingress.invoke(event));
}

const cookieIn = ({ cookies }: z.infer<typeof result>, name: string): string =>
  cookies.flatMap((each) => (each.startsWith(`${name}=`) ? [each.split(';', 1)[0] ?? ''] : []))[0] ?? '';

it('the built ingress serves the built page from the bucket, compressed, in bytes that API Gateway can carry', async () => {
  const page = await send('GET', '/sessions/any');
  expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache']);
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  expect(page.body).toContain(script);
  const sent = await send('GET', `/${script}`, { 'accept-encoding': 'gzip, br' });
  expect([sent.statusCode, sent.headers['content-encoding'], sent.isBase64Encoded]).toEqual([
    200,
    'br',
    true,
  ]);
  expect(sent.headers['cache-control']).toContain('immutable');
});

it('a person signs in by Cognito, acts as themselves as far as their group goes, and signs out', async () => {
  const begun = await send('GET', '/sign-in');
  const asked = await fetch(begun.headers['location'] ?? '', { redirect: 'manual' });
  const attempt = cookieIn(begun, '__Host-swe_attempt');
  const back = await send('GET', asked.headers.get('location') ?? '', {}, [attempt]);
  expect([back.statusCode, back.headers['location']]).toEqual([303, '/']);
  const key = cookieIn(back, '__Host-swe');

  const settings = await send('GET', '/api/v1/settings', {}, [key]);
  expect(JSON.parse(settings.body)).toMatchObject({
    caller: { requester: 'cognito:5c1b0c9e', scopes: ['run'] },
  });
  expect((await send('GET', '/api/v1/keys', {}, [key])).statusCode).toBe(403);
  expect((await send('POST', '/sign-out', { origin: 'https://evil.example' }, [key])).statusCode).toBe(403);
  const out = await send('POST', '/sign-out', { origin: OWN }, [key]);
  expect(JSON.parse(out.body)).toEqual({ next: expect.stringContaining(`${cognito.domain}/logout?`) });
  expect((await send('GET', '/api/v1/settings', {}, [key])).statusCode).toBe(401);

  const again = await send('GET', asked.headers.get('location') ?? '', {}, [attempt]);
  expect([again.headers['location'], cookieIn(again, '__Host-swe')]).toEqual(['/?sign-in=refused', '']);
});
