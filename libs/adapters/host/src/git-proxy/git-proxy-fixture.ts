import type { Logger, RepoCredentials } from '@swe/domain';
import { sessionBranch } from '@swe/domain';
import { openGitProxy } from './git-proxy';
import type { GitProxy, GitProxyOptions } from './git-proxy';
import { changeJudge } from './judge-change';
import { WorkingCopyObjects } from './working-copy-objects';

export const SESSION = 'sabcdefghijklmnopqrst';
export const BRANCH = sessionBranch(SESSION);

/** What a session's host and workspace give to the proxy. */
interface Parts {
  readonly origin: string;
  readonly path: string;
  readonly credentials: RepoCredentials;
  readonly isOfSession: (repository: string) => boolean;
  readonly workspace: string;
  readonly stateDirectory: string;
  readonly mayChangeWorkflows: () => boolean;
  readonly isRepair: () => boolean;
  readonly isOnBranch: (repository: string, branch: string, sha: string) => Promise<boolean>;
  readonly logger: Logger;
}

/** A proxy as a worker opens it, on working copies as they are, but for `change`. */
export function openProxyFor(parts: Parts, change: Partial<GitProxyOptions> = {}): Promise<GitProxy> {
  const { origin, path, workspace, stateDirectory, mayChangeWorkflows, isOnBranch } = parts;
  const { credentials, isOfSession, isRepair, logger } = parts;
  const environment = { PATH: path };
  const objects = new WorkingCopyObjects({ root: workspace, stateDirectory, environment });
  const branches = { baseBranch: async () => 'main', isOnBranch };
  return openGitProxy({
    sessionId: SESSION,
    origins: [origin],
    credentials,
    isOfSession,
    demandPush: async () => undefined,
    workflows: { mayChangeWorkflows, objects, branches },
    judgeChange: changeJudge({ isRepair, objects, branches, stateDirectory, environment }),
    logger,
    ...change,
  });
}

/** A proxy to hosts at `origins`, of a session without a workspace. */
export function openProxyAt(
  origins: readonly string[],
  { credentials, isOfSession }: Pick<GitProxyOptions, 'credentials' | 'isOfSession'>,
): Promise<GitProxy> {
  return openGitProxy({
    sessionId: SESSION,
    origins,
    credentials,
    isOfSession,
    demandPush: async () => undefined,
    workflows: {
      mayChangeWorkflows: () => true,
      objects: { read: async () => undefined, forkPoints: async () => [] },
      branches: { baseBranch: async () => undefined, isOnBranch: async () => false },
    },
    judgeChange: async (_repository, commands) => commands.map(({ ref }) => ({ ref, refusal: undefined })),
    logger: silent,
  });
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silent,
};
