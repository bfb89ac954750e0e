import { checkApp, checkToken } from '@swe/adapter-github/access-check';
import { GithubChat } from '@swe/adapter-github/chat';
import { GithubClient } from '@swe/adapter-github/client';
import { githubServer } from '@swe/adapter-github/server';
import {
  AppIdentity,
  AppTokens,
  GithubRepoCredentials,
  PersonalIdentity,
} from '@swe/adapter-github/credentials';
import { GithubDirectory } from '@swe/adapter-github/directory';
import {
  GithubCheckLogs,
  GithubCodeReview,
  GithubRepoForks,
  GithubRepoHost,
} from '@swe/adapter-github/repo-host';
import { GithubHostEvents } from '@swe/adapter-github/requests';
import type { Clock, Logger } from '@swe/domain';
import { placesOf } from './github-places';
import type { SecretSource } from './secret';

/** What an app's environment says of GitHub: `githubAccess` of the config. */
export interface GithubSettings {
  readonly serverUrl: string;
  readonly apiUrl: string | undefined;
  readonly appId: string | undefined;
  readonly installationId: number | undefined;
  readonly token: SecretSource;
  readonly privateKey: SecretSource;
}

/** As whom the agent is there. What is asked for is asked for at each call: a rotation is seen. */
export type GithubAccess =
  | { readonly as: 'user'; token(): Promise<string> }
  | {
      readonly as: 'app';
      readonly appId: string;
      privateKey(): Promise<string>;
      readonly installationId?: number | undefined;
    };

export interface GithubOptions {
  /** `https://github.com` */
  readonly serverUrl: string;
  /** `https://api.github.com`; left out, it follows from the server. */
  readonly apiUrl?: string | undefined;
  readonly access: GithubAccess;
  readonly clock: Clock;
}

export type Github = ReturnType<typeof openGithub>;

/** As `openGithub`, by settings: as the App that they name, else as whoever the token is of. */
export function openGithubBy(
  { serverUrl, apiUrl, appId, installationId, token, privateKey }: GithubSettings,
  readSecret: (source: SecretSource) => Promise<string>,
  clock: Clock,
): Github {
  const access: GithubAccess =
    appId === undefined
      ? { as: 'user', token: () => readSecret(token) }
      : { as: 'app', appId, installationId, privateKey: () => readSecret(privateKey) };
  return openGithub({ serverUrl, apiUrl, access, clock });
}

/** GitHub as repository host with all that belongs to it, as chat, as who is who, and as what git gets its credentials from. */
export function openGithub({ serverUrl, apiUrl, access, clock }: GithubOptions) {
  const server = githubServer(serverUrl, apiUrl);
  const shared = { server, clock, fetch };
  const identity = identityOf(access, shared);
  const client = new GithubClient({ server, identity, clock, fetch });
  const repoHost = new GithubRepoHost(client);
  return {
    ...placesOf(server),
    repoHost,
    // An App has no account to fork into, and its tokens are for one repository each.
    ...(access.as === 'user' && { forks: new GithubRepoForks({ client, host: repoHost }) }),
    codeReview: new GithubCodeReview(client),
    checkLogs: new GithubCheckLogs(client),
    chat: new GithubChat({ client, fetch }),
    hostEvents: new GithubHostEvents(client),
    directory: (logger: Pick<Logger, 'warn'>) => new GithubDirectory({ client, logger }),
    credentials: new GithubRepoCredentials(server, identity),
    /** The agent's own login. */
    login: () => identity.login(),
    /** Says as whom the agent is there, or throws what is missing and what mends it. */
    check: (signal: AbortSignal) =>
      access.as === 'user'
        ? checkToken({ ...shared, token: () => access.token() }, signal)
        : checkApp({ ...shared, ...appOf(access) }, signal),
  };
}

type Shared = Pick<ConstructorParameters<typeof PersonalIdentity>[0], 'server' | 'clock' | 'fetch'>;

function identityOf(access: GithubAccess, shared: Shared) {
  if (access.as === 'user') return new PersonalIdentity({ ...shared, token: () => access.token() });
  return new AppIdentity(new AppTokens({ ...shared, ...appOf(access) }));
}

function appOf(access: Extract<GithubAccess, { readonly as: 'app' }>) {
  const { appId, installationId } = access;
  const privateKey = () => access.privateKey();
  return { appId, privateKey, ...(installationId !== undefined && { installationId }) };
}
