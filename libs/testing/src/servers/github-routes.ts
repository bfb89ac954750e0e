import { APP_ROUTES } from './github-app-routes';
import { CHECK_ROUTES } from './github-check-routes';
import { COMMIT_ROUTES } from './github-commit-routes';
import { GIT_ROUTES } from './github-git-routes';
import { GRAPHQL_ROUTES } from './github-graphql';
import { ISSUE_ROUTES } from './github-issue-routes';
import { PULL_ROUTES } from './github-pull-routes';
import { REVIEW_ROUTES } from './github-review-routes';
import { REPOSITORY_ROUTES } from './github-repository-routes';
import type { GithubRoute } from './github-route';

/** Every route that is served. */
export const GITHUB_ROUTES: readonly GithubRoute[] = [
  ...APP_ROUTES,
  ...CHECK_ROUTES,
  ...GRAPHQL_ROUTES,
  ...ISSUE_ROUTES,
  ...REVIEW_ROUTES,
  ...PULL_ROUTES,
  ...GIT_ROUTES,
  ...COMMIT_ROUTES,
  ...REPOSITORY_ROUTES,
];

/** Parameters that may have slashes in them, beside `path`, which may be empty, too. */
const LONG = ['ref', 'basehead', 'branch'];

const compiled = GITHUB_ROUTES.map((route) => ({ route, pattern: patternOf(route.path) }));

export interface GithubMatch {
  readonly route: GithubRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** The route of a path below the API's base, with what it names. The first that fits: those with fixed words come first. */
export function matchRoute(method: string, path: string): GithubMatch | undefined {
  for (const { route, pattern } of compiled) {
    const found = route.method === method ? pattern.exec(path) : null;
    if (found !== null) return { route, params: decoded(found.groups ?? {}) };
  }
  return undefined;
}

function patternOf(path: string): RegExp {
  const source = path
    .split(/(\{\w+\})/)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return part;
      if (name === 'path') return '(?<path>.*)';
      return LONG.includes(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
