import type { GithubSettings } from './github';

/** As the config's `githubAccess` reads it. */
interface GithubEnvironment {
  readonly GITHUB_SERVER_URL: string;
  readonly GITHUB_API_URL?: string | undefined;
  readonly GITHUB_APP_ID?: string | undefined;
  readonly GITHUB_INSTALLATION_ID?: number | undefined;
  readonly GITHUB_TOKEN?: string | undefined;
  readonly GITHUB_TOKEN_PARAMETER: string;
  readonly GITHUB_APP_PRIVATE_KEY?: string | undefined;
  readonly GITHUB_APP_PRIVATE_KEY_PARAMETER: string;
}

/** What an environment says of GitHub. */
export function githubSettingsOf(environment: GithubEnvironment): GithubSettings {
  return {
    serverUrl: environment.GITHUB_SERVER_URL,
    apiUrl: environment.GITHUB_API_URL,
    appId: environment.GITHUB_APP_ID,
    installationId: environment.GITHUB_INSTALLATION_ID,
    token: { value: environment.GITHUB_TOKEN, parameter: environment.GITHUB_TOKEN_PARAMETER },
    privateKey: {
      value: environment.GITHUB_APP_PRIVATE_KEY,
      parameter: environment.GITHUB_APP_PRIVATE_KEY_PARAMETER,
    },
  };
}
