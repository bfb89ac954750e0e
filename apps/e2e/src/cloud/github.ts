import { randomBytes } from 'node:crypto';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { GithubPullRequest, GithubRepository, LoopbackCall } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from '../broken-library';
import { bash, call } from '../scripted-model';
import type { Cloud, CloudGithub } from './cloud';

/** The agent's own account. */
export const SWE = 'swe-agent';

export interface GithubOfCloud extends CloudGithub {
  /** A secret that is nowhere by chance. */
  readonly token: string;
  /** Private: Ada and the agent may write, Eve may read, nobody else sees it. */
  readonly library: GithubRepository;
}

/** GitHub with people, the agent's account, and the library whose one number is wrong. */
export async function openGithub(): Promise<GithubOfCloud> {
  const server = await openLoopbackGithub();
  const { world, tokens } = server;
  for (const login of [SWE, 'ada', 'bob', 'eve']) world.addUser(login);
  world.addUser('acme', 'Organization');
  const secret = { token: `ghp_${randomBytes(27).toString('hex')}` };
  const token = tokens.addClassic(SWE, ['repo'], secret);
  const collaborators = { [SWE]: 'write', ada: 'write', eve: 'read' } as const;
  const options = { isPrivate: true, collaborators, files: BROKEN_LIBRARY };
  return { server, access: { token }, token, library: world.addRepository('acme/fares', options) };
}

/** What the model does to repair the library in `fares`, call by call. */
export const clone = (repository: string): LoopbackCall => call('clone_repository', { repository });
export const fixFare = (): LoopbackCall =>
  call('edit_file', { path: 'fares/src/fare.js', edits: [{ oldText: 'km * 3', newText: 'km * 4' }] });
export const commit = (message: string): LoopbackCall =>
  bash(`(cd fares && npm test && git add . && git commit --quiet --message="${message}")`);
export const openPullRequest = (): LoopbackCall =>
  call('open_pull_request', { directory: 'fares', title: 'Charge four', body: 'A kilometre costs four.' });

export function pullRequests(repository: GithubRepository): readonly GithubPullRequest[] {
  return [...repository.issues.values()].filter(
    (issue): issue is GithubPullRequest => issue.pull !== undefined,
  );
}

/** Waits for the repository's first pull request. */
export const firstPullRequest = (of: Cloud, repository: GithubRepository): Promise<GithubPullRequest> =>
  of.until('the pull request', async () => pullRequests(repository)[0]);
