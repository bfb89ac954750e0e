import { createHash, generateKeyPair, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { listenOnLoopback } from './listen-on-loopback';

/** A user of the pool. */
export interface CognitoPerson {
  readonly sub: string;
  readonly email: string;
  readonly groups: readonly string[];
}

export interface LoopbackCognitoOptions {
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
}

export interface LoopbackCognito {
  readonly issuer: string;
  /** Where the hosted pages are. */
  readonly domain: string;
  readonly clientId: string;
  /** Who has signed in at the hosted pages: with nobody there they ask for a password. */
  person: CognitoPerson | undefined;
  /** What the next ID tokens say instead of the truth. */
  claims: Readonly<Record<string, unknown>>;
  /** Signs with a key that is not the pool's, from now on. */
  signWithAnotherKey(): Promise<void>;
  close(): Promise<void>;
}

/** A code that was given, and what it was given for. */
interface Grant {
  readonly person: CognitoPerson;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | null;
}

interface Answer {
  readonly status: number;
  readonly location?: string;
  readonly body?: object;
}

const POOL = 'eu-west-1_loopback';
const KEY_ID = '1234example=';
const HOUR_SECONDS = 3_600;

const newKeys = () => promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });

/**
 * A user pool of Cognito's with one public client, on 127.0.0.1: its hosted pages' endpoints and the issuer's keys.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html,
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html,
 * https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
export async function openLoopbackCognito(options: LoopbackCognitoOptions): Promise<LoopbackCognito> {
  const clientId = 'djc98u3jiedmi283eu928';
  const grants = new Map<string, Grant>();
  const { publicKey, privateKey } = await newKeys();
  let signingKey: KeyObject = privateKey;

  function authorize(query: URLSearchParams): Answer {
    const redirectUri = query.get('redirect_uri') ?? '';
    const isKnown = query.get('client_id') === clientId && options.callbackUrls.includes(redirectUri);
    if (!isKnown) return { status: 400, body: { error: 'redirect_mismatch' } };
    const back = new URL(redirectUri);
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    const isAsked = query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256';
    if (!isAsked) {
      back.searchParams.set('error', 'invalid_request');
      return { status: 302, location: back.href };
    }
    const { person } = cognito;
    if (person === undefined) return { status: 302, location: `${cognito.domain}/login?${query}` };
    const code = randomUUID();
    const challenge = query.get('code_challenge') ?? '';
    grants.set(code, { person, redirectUri, challenge, nonce: query.get('nonce') });
    back.searchParams.set('code', code);
    return { status: 302, location: back.href };
  }

  function token(form: URLSearchParams): Answer {
    const refused = (error: string): Answer => ({ status: 400, body: { error } });
    if (form.get('client_id') !== clientId) return refused('invalid_client');
    if (form.get('grant_type') !== 'authorization_code') return refused('unsupported_grant_type');
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    // Whatever comes of it, a code is good for one request.
    grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight = grant?.redirectUri === form.get('redirect_uri') && grant?.challenge === challenge;
    if (grant === undefined || !isRight) return refused('invalid_grant');
    return {
      status: 200,
      body: {
        id_token: jwt(idTokenOf(grant)),
        access_token: jwt({ sub: grant.person.sub, token_use: 'access', client_id: clientId }),
        refresh_token: randomUUID(),
        token_type: 'Bearer',
        expires_in: HOUR_SECONDS,
      },
    };
  }

  /** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
  function idTokenOf({ person, nonce }: Grant): object {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    return {
      sub: person.sub,
      ...(person.groups.length > 0 && { 'cognito:groups': person.groups }),
      email_verified: true,
      iss: cognito.issuer,
      'cognito:username': person.sub,
      ...(nonce !== null && { nonce }),
      origin_jti: randomUUID(),
      aud: clientId,
      event_id: randomUUID(),
      token_use: 'id',
      auth_time: nowSeconds,
      exp: nowSeconds + HOUR_SECONDS,
      iat: nowSeconds,
      jti: randomUUID(),
      email: person.email,
      ...cognito.claims,
    };
  }

  function jwt(claims: object): string {
    const parts = [{ kid: KEY_ID, alg: 'RS256' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const signed = parts.join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), signingKey).toString('base64url')}`;
  }

  function logout(query: URLSearchParams): Answer {
    const to = query.get('logout_uri') ?? '';
    const isKnown = query.get('client_id') === clientId && options.logoutUrls.includes(to);
    if (!isKnown) return { status: 400, body: { error: 'invalid_request' } };
    cognito.person = undefined;
    return { status: 302, location: to };
  }

  async function answerTo(incoming: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', cognito.domain);
    switch (`${incoming.method} ${pathname}`) {
      case 'GET /oauth2/authorize':
        return authorize(searchParams);
      case 'POST /oauth2/token':
        return token(new URLSearchParams(Buffer.concat(await Array.fromAsync(incoming)).toString()));
      case 'GET /logout':
        return logout(searchParams);
      case `GET /${POOL}/.well-known/jwks.json`: {
        const { kty, n, e } = publicKey.export({ format: 'jwk' });
        return { status: 200, body: { keys: [{ alg: 'RS256', e, kid: KEY_ID, kty, n, use: 'sig' }] } };
      }
      default:
        return { status: 404, body: {} };
    }
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, location, body } = await answerTo(incoming);
    response.writeHead(status, {
      ...(location !== undefined && { location }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    });
    response.end(body && JSON.stringify(body));
  }

  const http = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const listening = await listenOnLoopback(http);
  const domain = listening.origin;

  const cognito: LoopbackCognito = {
    domain,
    issuer: `${domain}/${POOL}`,
    clientId,
    person: undefined,
    claims: {},
    signWithAnotherKey: async () => void (signingKey = (await newKeys()).privateKey),
    close: listening.close,
  };
  return cognito;
}
