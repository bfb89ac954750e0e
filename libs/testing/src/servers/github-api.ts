import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { demandAccess, maySee } from './github-access';
import { sendAnswer, sendRefusal } from './github-answer';
import { RateExceeded } from './github-rate';
import { GithubRefusal, notFound } from './github-refusal';
import type { GithubAnswer, GithubCall, GithubContext } from './github-route';
import { matchRoute } from './github-routes';
import type { GithubMatch } from './github-routes';
import type { GithubGrant } from './github-tokens';
import { fullNameOf } from './github-entities';
import type { GithubRepository } from './github-entities';

export interface GithubRequest {
  readonly method: string;
  /** Below the API's base, without its query, such as `/repos/acme/shop/issues/1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** As JSON has it. */
  readonly body: unknown;
  /** Who it is, such as `ada` or `swe[bot]`; undefined where nobody says so. */
  readonly login: string | undefined;
}

export interface GithubCallSeen extends GithubRequest {
  readonly status: number;
  /** As JSON has it; undefined until there is one, and where there is none. */
  readonly answer: unknown;
}

/** Requests to GitHub's API, from their bytes to their answers. */
export class GithubApi {
  readonly calls: GithubCallSeen[] = [];
  readonly unknown: string[] = [];
  before: (request: GithubRequest) => Promise<GithubRefusal | void> | GithubRefusal | void = () => undefined;
  losesAnswerTo: (request: GithubRequest) => boolean = () => false;
  readonly #context: GithubContext;

  constructor(context: GithubContext) {
    this.#context = context;
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.#context.view.apiUrl);
    const text = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>)).toString();
    const request = this.#read(incoming, url, text);
    this.#setHeaders(response, request);
    let answer: unknown;
    this.calls.push({
      ...request,
      get status() {
        return response.statusCode;
      },
      get answer() {
        return answer;
      },
    });
    try {
      if (request.headers['user-agent'] === undefined) throw noUserAgent();
      const refusal = await this.before(request);
      if (refusal instanceof GithubRefusal) throw refusal;
      answer = this.#answer(request, url, text, response).body;
    } catch (error) {
      if (!(error instanceof GithubRefusal)) throw error;
      const isTold = error instanceof RateExceeded && request.path === '/graphql';
      if (isTold) sendAnswer(response, rateLimited(error));
      else answer = sendRefusal(response, error);
    }
  }

  #read(incoming: IncomingMessage, url: URL, text: string): GithubRequest {
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
    return {
      method: incoming.method ?? 'GET',
      path: this.#pathOf(url),
      query: url.searchParams,
      headers: Object.fromEntries(headers),
      body: parsed(text),
      login: this.#loginOf(incoming),
    };
  }

  #setHeaders(response: ServerResponse, { headers }: GithubRequest): void {
    response.setHeader('x-github-request-id', requestId());
    // It has one clock: tokens end and limits reset by it.
    response.setHeader('date', new Date(this.#context.world.nowMs()).toUTCString());
    response.setHeader('x-github-media-type', 'github.v3; format=json');
    response.setHeader('x-github-api-version-selected', headers['x-github-api-version'] ?? '2022-11-28');
  }

  #answer(request: GithubRequest, url: URL, text: string, response: ServerResponse): GithubAnswer {
    const { rate, tokens } = this.#context;
    const { method, path, headers, body } = request;
    const token = tokenOf(headers['authorization']);
    const grant = token === undefined ? undefined : tokens.grantOf(token);
    const caller = callerOf(grant);
    const resource = path === '/graphql' ? 'graphql' : 'core';
    describeGrant(response, grant);
    const isFree = path === '/rate_limit';
    if (!isFree) this.#count(response, caller, resource, grant);
    const match = matchRoute(method, path);
    if (match === undefined) {
      this.unknown.push(`${method} ${path}`);
      throw notFound();
    }
    const accept = headers['accept'] ?? '';
    const who = { token, grant, caller };
    const call: GithubCall = {
      ...this.#context,
      method,
      url,
      params: match.params,
      headers,
      accept,
      body,
      ...who,
    };
    this.#admit(call, match, text, response);
    const answer = match.route.run(call);
    if (this.losesAnswerTo(request)) {
      response.destroy();
      return answer;
    }
    const isSafe = method === 'GET' && answer.status === 200;
    sendAnswer(response, answer, isSafe ? headers['if-none-match'] : undefined, () => {
      // It costs nothing, but only to who says who they are.
      if (grant === undefined || isFree) return;
      rate.giveBack(caller, resource);
      this.#tellRate(response, caller, resource);
    });
    return answer;
  }

  #count(response: ServerResponse, caller: string, resource: string, grant: GithubGrant | undefined): void {
    const { rate } = this.#context;
    try {
      rate.take(caller, resource, saidCaller(grant, this.#context));
    } finally {
      this.#tellRate(response, caller, resource);
    }
  }

  #tellRate(response: ServerResponse, caller: string, resource: string): void {
    for (const [name, value] of Object.entries(this.#context.rate.headers(caller, resource))) {
      response.setHeader(name, value);
    }
  }

  /** Refuses what may not be, before it is done. */
  #admit(call: GithubCall, { route, params }: GithubMatch, text: string, response: ServerResponse): void {
    const { world } = this.#context;
    if (text !== '' && call.body === undefined) throw new GithubRefusal(400, 'Problems parsing JSON');
    if (params['owner'] === undefined || params['repo'] === undefined) return;
    const name = `${params['owner']}/${params['repo']}`;
    const repository = world.findRepository(name);
    if (repository === undefined) {
      const moved = world.renamedFrom(name);
      if (moved === undefined || !maySee(world, call.grant, moved)) throw notFound();
      throw movedTo(call, moved);
    }
    demandSingleSignOn(call, repository);
    if (repository.isBlocked && maySee(world, call.grant, repository)) throw blocked();
    if (route.need === undefined) return;
    response.setHeader('x-accepted-github-permissions', route.need.permissions.join('; '));
    demandAccess(world, call.grant, repository, route.need);
    // A fork of it is another repository.
    if (repository.isArchived && call.method !== 'GET' && !route.path.endsWith('/forks')) {
      throw new GithubRefusal(403, 'Repository was archived so is read-only.');
    }
  }

  /** `/repositories/<id>` is how GitHub names repositories that may be renamed. */
  #pathOf({ pathname }: URL): string {
    const base = new URL(this.#context.view.apiUrl).pathname.replace(/\/$/, '');
    if (pathname === '/api/graphql') return '/graphql';
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
    const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
    const repository = id === undefined ? undefined : this.#context.world.repositories.get(Number(id));
    return repository === undefined ? path : `/repos/${fullNameOf(repository)}${rest}`;
  }

  #loginOf({ headers }: IncomingMessage): string | undefined {
    const token = tokenOf(headers.authorization);
    if (token === undefined) return undefined;
    try {
      return this.#context.tokens.grantOf(token).login;
    } catch {
      return undefined;
    }
  }
}

/** `Bearer` or `token`: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api */
function tokenOf(authorization: string | undefined): string | undefined {
  return /^(?:Bearer|token)\s+(\S+)$/i.exec(authorization ?? '')?.[1];
}

function callerOf(grant: GithubGrant | undefined): string {
  if (grant === undefined) return 'anonymous';
  return grant.kind === 'installation' ? `installation ${grant.installation.id}` : `user ${grant.login}`;
}

function saidCaller(grant: GithubGrant | undefined, { world }: GithubContext): string {
  if (grant === undefined) return '127.0.0.1';
  if (grant.kind === 'installation') return `installation ID ${grant.installation.id}`;
  return `user ID ${world.users.get(grant.login.toLowerCase())?.id ?? 0}`;
}

/** Only classic tokens have scopes to tell. */
function describeGrant(response: ServerResponse, grant: GithubGrant | undefined): void {
  if (grant?.kind !== 'classic') return;
  response.setHeader('x-oauth-scopes', grant.scopes.join(', '));
  response.setHeader('x-accepted-oauth-scopes', 'repo');
}

/** https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects; the method is kept where it changes something. */
function movedTo({ view, method, url, params }: GithubCall, repository: GithubRepository): GithubRefusal {
  const name = `${params['owner']}/${params['repo']}`;
  const location = `${view.apiUrl}/repositories/${repository.id}${url.pathname.split(`/repos/${name}`)[1] ?? ''}${url.search}`;
  return new GithubRefusal(method === 'GET' ? 301 : 307, 'Moved Permanently', {
    headers: { location },
    fields: { url: location },
  });
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api and https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso */
function demandSingleSignOn(
  { world, tokens, token, grant, view }: GithubCall,
  { owner }: GithubRepository,
): void {
  const isPersonal = grant?.kind === 'classic' || grant?.kind === 'fine-grained';
  if (
    !isPersonal ||
    token === undefined ||
    !world.ssoOrganizations.has(owner) ||
    tokens.isSsoAuthorized(token)
  )
    return;
  const url = `${view.htmlUrl}/orgs/${owner}/sso?authorization_request=AZSCKL`;
  throw new GithubRefusal(
    403,
    'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
    { headers: { 'x-github-sso': `required; url=${url}` } },
  );
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#user-agent-required */
function noUserAgent(): GithubRefusal {
  return new GithubRefusal(403, 'Request forbidden by administrative rules.', {
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
  });
}

function blocked(): GithubRefusal {
  return new GithubRefusal(451, 'Repository access blocked', {
    fields: {
      block: {
        reason: 'dmca',
        created_at: '2026-01-01T00:00:00Z',
        html_url: 'https://github.com/github/dmca',
      },
    },
  });
}

/** https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit: 200 there. */
function rateLimited({ message }: RateExceeded): GithubAnswer {
  return { status: 200, body: { errors: [{ type: 'RATE_LIMITED', message }] } };
}

function requestId(): string {
  const [a = '', b = '', c = '', d = '', e = ''] = randomUUID().toUpperCase().split('-');
  return [b, a.slice(0, 6), c, d, e.slice(0, 8)].join(':');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
