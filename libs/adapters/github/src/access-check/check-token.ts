import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import { z } from 'zod';
import { authorizedFetch } from '../authorized-fetch';
import type { GithubServer } from '../github-server';
import { openOctokit } from '../open-octokit';
import { patientFetch } from '../patient-fetch';
import { redirectingFetch } from '../redirecting-fetch';
import { scopeLack, scopesOf } from '../token-scopes';
import { requestsLeft } from './requests-left';

export interface TokenToCheck {
  readonly server: GithubServer;
  token(): Promise<string>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

const user = z.object({ login: z.string() });

/**
 * As whom a personal access token speaks, with what it tells of itself. Throws a fault where it doesn't, or lacks the
 * scope without which nothing works. What a fine-grained one may do is told by nobody.
 */
export async function checkToken(
  { server, token, clock, fetch }: TokenToCheck,
  signal: AbortSignal,
): Promise<string> {
  const authorized = authorizedFetch(fetch, new URL(server.apiUrl).origin, () => token());
  const octokit = openOctokit({ server, fetch: patientFetch(redirectingFetch(authorized), clock) });
  const { data, headers } = await octokit.request('GET /user', { request: { signal } });
  const who = `@${user.parse(data).login} on ${server.host}`;
  return [who, scopesWords(who, headers), ...expiryWords(headers), ...requestsLeft(headers)].join(', ');
}

function scopesWords(who: string, headers: Readonly<Record<string, unknown>>): string {
  const scopes = scopesOf(headers['x-oauth-scopes']);
  if (scopes === undefined) return 'a fine-grained token, which does not tell its permissions';
  if (scopes.includes('repo')) return 'scope repo';
  if (scopes.includes('public_repo')) return 'scope public_repo: no private repositories';
  throw new Fault('denied', `${who}: ${scopeLack(headers, ['repo'])}`);
}

/** Of tokens that end: https://docs.github.com/authentication/keeping-your-account-and-data-secure/token-expiration-and-revocation */
function expiryWords(headers: Readonly<Record<string, unknown>>): readonly string[] {
  const expiry = headers['github-authentication-token-expiration'];
  return typeof expiry === 'string' ? [`ends ${expiry}`] : [];
}
