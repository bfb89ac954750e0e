import type { z } from 'zod';
import type { GithubActivity } from './github-activity';
import type { GithubNeed } from './github-access';
import type { GithubView } from './github-view';
import { isPullRequest, refreshPull } from './github-pull';
import type { GithubPullRequest } from './github-pull';
import type { GithubRate } from './github-rate';
import { GithubRefusal, notFound, validationFailed } from './github-refusal';
import type { GithubFieldError } from './github-refusal';
import type { GithubGrant, GithubTokens } from './github-tokens';
import type { GithubIssue, GithubRepository } from './github-entities';
import type { GithubWorld } from './github-world';

export interface GithubContext {
  readonly world: GithubWorld;
  readonly tokens: GithubTokens;
  readonly activity: GithubActivity;
  readonly view: GithubView;
  readonly rate: GithubRate;
}

export interface GithubCall extends GithubContext {
  readonly method: string;
  /** As it was asked for, with its query. */
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly body: unknown;
  readonly token: string | undefined;
  readonly grant: GithubGrant | undefined;
  /** Who it is that rates are counted for. */
  readonly caller: string;
}

export interface GithubAnswer {
  readonly status: number;
  /** Sent as JSON, a string as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GithubRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** As GitHub's OpenAPI description writes it; `{path}` at its end may have slashes in it. */
  readonly path: string;
  readonly need: GithubNeed | undefined;
  run(call: GithubCall): GithubAnswer;
}

/** A call of a repository's route, whose caller may do it. */
export interface RepositoryCall extends GithubCall {
  readonly repository: GithubRepository;
  /** Who does it; `ghost` where nobody said who they are. */
  readonly by: string;
}

/** A route of a repository. What it needs is `issues=read` for instance, and of a person `role`. */
export function ofRepository(
  method: GithubRoute['method'],
  path: string,
  needs: string | readonly string[],
  run: (call: RepositoryCall) => GithubAnswer,
  role: GithubNeed['role'] = 'read',
): GithubRoute {
  return {
    method,
    path: `/repos/{owner}/{repo}${path}`,
    need: { permissions: typeof needs === 'string' ? [needs] : needs, role },
    run: (call) => {
      const repository = call.world.findRepository(`${call.params['owner']}/${call.params['repo']}`);
      if (repository === undefined) throw notFound();
      return run({ ...call, repository, by: call.grant?.login ?? 'ghost' });
    },
  };
}

export const ok = (body: object | string): GithubAnswer => ({ status: 200, body });
export const created = (body: object & { readonly url?: unknown }): GithubAnswer => ({
  status: 201,
  body,
  headers: typeof body.url === 'string' ? { location: body.url } : {},
});
export const noContent: GithubAnswer = { status: 204 };

/** The body, checked: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#invalid-request */
export function bodyOf<T>({ body }: GithubCall, schema: z.ZodType<T>): T {
  const given = schema.safeParse(body ?? {});
  if (given.success) return given.data;
  const problems = given.error.issues.map(({ path, code, message }) =>
    code === 'invalid_type' && message.endsWith('received undefined')
      ? `"${path.join('/')}" wasn't supplied.`
      : `For 'properties/${path.join('/')}', ${message}.`,
  );
  throw new GithubRefusal(422, `Invalid request.\n\n${problems.join('\n')}`);
}

/** An issue or pull request by its number. */
export function issueOf({ repository, params }: RepositoryCall, name = 'issue_number'): GithubIssue {
  const issue = repository.issues.get(Number(params[name]));
  if (issue === undefined) throw notFound();
  return issue;
}

/** A pull request by its number, as its branches are now. */
export function pullOf(call: RepositoryCall): GithubPullRequest {
  const issue = issueOf(call, 'pull_number');
  if (!isPullRequest(issue)) throw notFound();
  refreshPull(call.world, call.repository, issue);
  return issue;
}

/** The commit that a route's reference names. */
export function commitAt({ repository }: RepositoryCall, reference: string): string {
  if (repository.git.refs('').length === 0) throw new GithubRefusal(409, 'Git Repository is empty.');
  const sha = repository.git.branch(reference) ?? repository.git.resolve(reference);
  if (sha === undefined) throw new GithubRefusal(422, `No commit found for SHA: ${reference}`);
  return sha;
}

export function invalidField(
  resource: string,
  field: string,
  code: GithubFieldError['code'] = 'invalid',
): GithubRefusal {
  return validationFailed({ resource, field, code });
}
