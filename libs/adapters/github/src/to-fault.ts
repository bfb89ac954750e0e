import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';
import { scopeLack, scopesOf } from './token-scopes';

interface Meaning {
  readonly kind: FaultKind;
  readonly mend?: string;
}

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: {
    kind: 'denied',
    mend: 'it does not take the token, which may have ended or been revoked: store a new one, or check the id and key of the App',
  },
  403: { kind: 'denied' },
  409: { kind: 'conflict' },
  410: { kind: 'missing', mend: 'it is gone, or switched off for the repository' },
  423: { kind: 'denied', mend: 'it is locked: whoever may write there has to unlock it' },
  451: { kind: 'denied', mend: 'it is blocked for legal reasons' },
};

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
const problem = z.object({
  resource: z.string().optional(),
  field: z.string().nullish(),
  code: z.string().optional(),
  message: z.string().optional(),
});
const body = z.object({
  message: z.string().catch(''),
  errors: z.array(z.union([problem, z.string().transform((message) => ({ message }))])).catch([]),
});

const PLACE = /\/repos\/([\w.-]+\/[\w.-]+)(?:\/(?:issues|pulls)\/(\d+))?/;

const httpError = z.object({
  name: z.literal('HttpError'),
  status: z.int(),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }).optional(),
  request: z.object({
    url: z.string().catch(''),
    request: z.object({ signal: z.instanceof(AbortSignal).optional() }).optional(),
  }),
});

/** https://docs.github.com/graphql/guides/forming-calls-with-graphql */
const graphqlError = z.object({
  name: z.literal('GraphqlResponseError'),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).min(1),
});
const GRAPHQL_KINDS: Readonly<Record<string, FaultKind>> = {
  NOT_FOUND: 'missing',
  FORBIDDEN: 'denied',
  INSUFFICIENT_SCOPES: 'denied',
  RATE_LIMITED: 'throttled',
  RATE_LIMIT: 'throttled',
  INTERNAL: 'transient',
  SERVICE_UNAVAILABLE: 'transient',
};

/** An error of Octokit's as a `Fault`; one that is none is given back as it is. */
export function toFault(error: unknown): unknown {
  if (error instanceof Fault) return error;
  // What our own `fetch` throws comes wrapped.
  if (error instanceof Error && error.cause instanceof Fault) return error.cause;
  if (error instanceof Error && error.name === 'AbortError') return cancelled(error);
  const graphql = graphqlError.safeParse(error);
  if (graphql.success) return fromGraphql(graphql.data.errors, error);
  const http = httpError.safeParse(error);
  return http.success ? fromHttp(http.data, error) : error;
}

/** The status of the answer that a fault stands for. */
export function statusOf(fault: Fault): number | undefined {
  return httpError.safeParse(fault.cause).data?.status;
}

function fromHttp({ status, response, request }: z.infer<typeof httpError>, cause: unknown): Fault {
  if (response === undefined) {
    if (request.request?.signal?.aborted === true) return cancelled(cause);
    return new Fault('transient', 'GitHub did not answer', { cause });
  }
  const { message, errors } = body.catch({ message: '', errors: [] }).parse(response.data);
  const { kind, mend } = meaningOf(status, response.headers, errors);
  const words = [message || `status ${status}`, ...errors.map(describe)].filter((each) => each !== '');
  const said = words.join('; ').replace(/\.$/, mend === undefined ? '.' : '');
  const parts = ['GitHub', placeIn(request.url), said, mend];
  return new Fault(kind, parts.filter((each) => each).join(': '), { cause });
}

/** The repository that was asked about, with the number of its issue or pull request. */
function placeIn(url: string): string | undefined {
  const [, name, number] = PLACE.exec(url) ?? [];
  return number === undefined ? name : `${name}#${number}`;
}

function meaningOf(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  errors: readonly z.infer<typeof problem>[],
): Meaning {
  if (status >= 500) return { kind: 'transient' };
  if (status === 403) return forbidden(headers);
  if (status === 404)
    return { kind: 'missing', mend: `there is none, or the token may not see it: ${unseen(headers)}` };
  if (status === 422 && errors.some(({ code }) => code === 'already_exists')) return { kind: 'conflict' };
  return MEANINGS[status] ?? { kind: 'invalid' };
}

function forbidden(headers: Readonly<Record<string, unknown>>): Meaning {
  // https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#authorizing-a-personal-access-token-for-saml-single-sign-on
  const url = /\burl=(\S+)/.exec(String(headers['x-github-sso'] ?? ''))?.[1];
  if (url !== undefined && URL.canParse(url)) {
    const { host } = new URL(url);
    const where = `in its settings at ${host}, Configure SSO`;
    return { kind: 'denied', mend: `authorise the token for the organization's single sign-on, ${where}` };
  }
  const lack = lackIn(headers);
  if (lack !== undefined) return { kind: 'denied', mend: lack };
  // https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible
  const accepted = headers['x-accepted-github-permissions'];
  return typeof accepted === 'string' && accepted !== ''
    ? { kind: 'denied', mend: `if it lacks permissions, the token wants the permissions ${accepted}` }
    : { kind: 'denied' };
}

function unseen(headers: Readonly<Record<string, unknown>>): string {
  return lackIn(headers) ?? 'check the address, or give the token or App access to it';
}

/** https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
function lackIn(headers: Readonly<Record<string, unknown>>): string | undefined {
  return scopeLack(headers, scopesOf(headers['x-accepted-oauth-scopes']) ?? []);
}

function describe({ resource, field, code, message }: z.infer<typeof problem>): string {
  return message ?? [resource, field, code].filter((each) => each != null).join(' ');
}

function fromGraphql(
  errors: readonly { readonly type?: string | undefined; readonly message: string }[],
  cause: unknown,
): Fault {
  const kind =
    errors.map(({ type }) => GRAPHQL_KINDS[type ?? '']).find((each) => each !== undefined) ?? 'invalid';
  return new Fault(kind, `GitHub: ${errors.map(({ message }) => message).join('; ')}`, { cause });
}

function cancelled(cause: unknown): Fault {
  return new Fault('cancelled', 'called off', { cause });
}
