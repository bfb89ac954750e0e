import type { Session } from '@swe/domain';
import type { ToolboxOptions } from '../tools';

/** Lets a machine's git at every repository of a session, as it was let at them when the session met them. */
export function grantRepositories(
  grant: ToolboxOptions['grant'],
  {
    repositories,
    baseBranches = {},
    upstreams = {},
  }: Pick<Session, 'repositories' | 'baseBranches' | 'upstreams'>,
): void {
  for (const url of repositories) {
    const upstream = upstreams[url];
    grant(url, baseBranches[upstream ?? url], upstream);
  }
}
