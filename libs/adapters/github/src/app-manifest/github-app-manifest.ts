import { APP_EVENTS } from '../app-events';
import { APP_PERMISSIONS } from '../permissions';
import type { Permissions } from '../permissions';

/** What of a GitHub App's manifest is used: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export interface GithubAppManifest {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly hook_attributes: { readonly url: string; readonly active: boolean };
  /** Where GitHub sends the person afterwards, with the code that the App's key is given for. */
  readonly redirect_url: string;
  readonly public: boolean;
  readonly default_permissions: Permissions;
  readonly default_events: readonly string[];
}

/** The App as GitHub is told to make it, with `origin` in the place of the ingress. */
export function githubAppManifest(origin: string): GithubAppManifest {
  return {
    name: 'remote-swe',
    description: 'Takes an issue and comes back with a pull request.',
    url: origin,
    hook_attributes: { url: `${origin}/github/webhooks`, active: true },
    redirect_url: origin,
    public: false,
    default_permissions: APP_PERMISSIONS,
    default_events: APP_EVENTS,
  };
}

/** The page where a person makes that App, filled in: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-using-url-parameters */
export function registrationUrl(manifest: GithubAppManifest, newAppPage: string): string {
  const { name, url, hook_attributes: hook, default_permissions: permissions, default_events } = manifest;
  const fields = new URLSearchParams({
    name,
    url,
    public: String(manifest.public),
    webhook_active: String(hook.active),
    webhook_url: hook.url,
    ...permissions,
  });
  for (const event of default_events) fields.append('events[]', event);
  return `${newAppPage}?${fields.toString()}`;
}
