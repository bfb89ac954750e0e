import { Fault } from '@swe/domain';
import { z } from 'zod';
import { APP_EVENTS } from '../app-events';
import type { GithubOctokit } from '../open-octokit';
import { openAsApp } from '../open-as-app';
import type { AppKey } from '../open-as-app';
import { APP_PERMISSIONS, lackOf, permissionSet } from '../permissions';
import type { Permissions } from '../permissions';
import { requestsLeft } from './requests-left';

export interface AppToCheck extends AppKey {
  readonly installationId?: number;
}

const app = z.object({ slug: z.string(), permissions: permissionSet, events: z.array(z.string()) });
const installation = z.object({
  account: z.object({ login: z.string() }),
  permissions: permissionSet,
  suspended_at: z.string().nullish(),
});

/**
 * As whom an App speaks, and where it is installed. Throws a fault where it doesn't, is not installed, or lacks
 * permissions: by its own settings, or since an owner has not accepted what was added to them. Events that nobody tells
 * it of are no fault: they are a webhook's, which not everybody has.
 */
export async function checkApp({ installationId, ...key }: AppToCheck, signal: AbortSignal): Promise<string> {
  const octokit = await openAsApp(key);
  const { data, headers } = await octokit.request('GET /app', { request: { signal } });
  const { slug, permissions, events } = app.parse(data);
  const who = `${slug}[bot] on ${key.server.host}`;
  mustHaveAll(permissions, `${who} lacks`, 'add that to the App, and accept it where it is installed');
  const installed = z.array(installation).parse(await installationsOf(octokit, installationId, signal));
  if (installed.length === 0) {
    throw new Fault('denied', `${who} is installed nowhere: open the settings of the App, and Install App`);
  }
  for (const each of installed) mustBeUsable(who, each);
  const owners = installed.map(({ account }) => account.login).join(', ');
  const unheard = APP_EVENTS.filter((event) => !events.includes(event));
  return [
    `${who}, installed for ${owners}`,
    ...(unheard.length === 0 ? [] : [`not told of ${unheard.join(', ')}`]),
    ...requestsLeft(headers),
  ].join(', ');
}

async function installationsOf(
  octokit: GithubOctokit,
  id: number | undefined,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const request = { signal };
  const all = { per_page: 100, request };
  if (id === undefined) return octokit.paginate('GET /app/installations', all);
  const one = { installation_id: id, request };
  return [(await octokit.request('GET /app/installations/{installation_id}', one)).data];
}

function mustBeUsable(
  who: string,
  { account, suspended_at: suspendedAt, permissions }: z.infer<typeof installation>,
): void {
  const where = `${who}, as installed for ${account.login},`;
  if (suspendedAt != null) throw new Fault('denied', `${where} is suspended: ${account.login} can lift that`);
  const mend = `${account.login} has to accept that in the settings of the installation`;
  mustHaveAll(permissions, `${where} lacks`, mend);
}

function mustHaveAll(permissions: Permissions, lacks: string, mend: string): void {
  const missing = lackOf(APP_PERMISSIONS, permissions);
  if (missing.length > 0) throw new Fault('denied', `${lacks} ${missing.join(', ')}: ${mend}`);
}
