import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import type { Github, GithubSettings } from '@swe/wiring/github';

/** GitHub as whoever is set. Its client is loaded when somebody is: nobody else pays for it. */
export async function openGithubIfSet(
  settings: GithubSettings | undefined,
  clock: Clock,
): Promise<Github | undefined> {
  if (settings === undefined) return undefined;
  const { openGithubBy } = await import('@swe/wiring/github');
  return openGithubBy(settings, given, clock);
}

/** There are no parameters here, only what was set. */
async function given({ value }: GithubSettings['token']): Promise<string> {
  if (value === undefined) throw new Fault('denied', 'Neither GITHUB_TOKEN nor an App is set.');
  return value;
}
