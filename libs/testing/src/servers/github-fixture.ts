import { createSign, generateKeyPairSync } from 'node:crypto';
import { ManualClock } from '../memory/manual-clock';
import { openLoopbackGithub } from './loopback-github';
import type { LoopbackGithub, LoopbackGithubOptions } from './loopback-github';

/** A key pair for specs alone. */
const APP_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const START_MS = Date.UTC(2026, 0, 1);

export interface GithubReply {
  readonly status: number;
  readonly headers: Headers;
  /** As JSON, or undefined where it is none. */
  readonly body: unknown;
  readonly text: string;
}

export interface GithubFixture {
  readonly github: LoopbackGithub;
  readonly clock: ManualClock;
  /** Of Ada, who may write. */
  readonly token: string;
  call(
    method: string,
    path: string,
    options?: {
      readonly body?: unknown;
      readonly token?: string;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ): Promise<GithubReply>;
  /** A JSON web token of the app for ten minutes, or with these claims. */
  jwt(claims?: Readonly<Record<string, unknown>>): string;
}

/** GitHub with the organization `acme`, its repository `acme/shop`, Ada who may write, Bob who may not, and an app that is installed. */
export async function openGithubFixture(
  options: LoopbackGithubOptions = {},
  hooksOf: 'app' | 'repository' = 'app',
): Promise<GithubFixture> {
  const clock = new ManualClock(START_MS);
  const app = {
    slug: 'swe',
    publicKey: APP_KEY.publicKey,
    permissions: {
      ...{ contents: 'write', issues: 'write', pull_requests: 'write', checks: 'write' },
      ...{ statuses: 'write', actions: 'read', metadata: 'read' },
    },
    events: ['issues', 'issue_comment', 'pull_request'],
  };
  const github = await openLoopbackGithub({ clock, ...(hooksOf === 'app' && { app }), ...options });
  const { world, tokens } = github;
  world.addUser('acme', 'Organization');
  world.addUser('ada');
  world.addUser('bob');
  world.addRepository('acme/shop', { collaborators: { ada: 'write' } });
  if (hooksOf === 'app') world.install('swe', 'acme');
  const token = tokens.addClassic('ada');

  return {
    github,
    clock,
    token,
    async call(method, path, { body, token: other = token, headers = {} } = {}) {
      const response = await fetch(path.startsWith('http') ? path : `${github.apiUrl}${path}`, {
        method,
        headers: { ...(other !== '' && { authorization: `Bearer ${other}` }), ...headers },
        redirect: 'manual',
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? (JSON.parse(text) as unknown) : undefined,
      };
    },
    jwt(claims = {}) {
      const nowS = clock.nowMs() / 1_000;
      const iss = String(world.apps.get('swe')?.id);
      const payload = { iat: nowS - 60, exp: nowS + 540, iss, ...claims };
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(payload)}`;
      return `${signed}.${createSign('RSA-SHA256').update(signed).sign(APP_KEY.privateKey, 'base64url')}`;
    },
  };
}
