import type { IssueRef, Processes, RepoHost, Workspace } from '@swe/domain';
import type { Tool } from '../agent/tool';
import { askUser } from './ask-user';
import { bash } from './bash';
import { cloneRepository } from './clone-repository';
import { editFile } from './edit-file';
import { listFiles } from './list-files';
import { openPullRequest } from './open-pull-request';
import { readFile } from './read-file';
import { reportProgress } from './report-progress';
import { search } from './search';
import { writeFile } from './write-file';

export interface ToolboxOptions {
  readonly workspace: Workspace;
  readonly processes: Pick<Processes, 'run'>;
  readonly repoHost: RepoHost;
  /** The branch the session works on. */
  readonly branch: string;
  /** The issue that the session's task is, if it is one. */
  readonly issue: IssueRef | undefined;
  /** Absolute path of the ripgrep program. */
  readonly ripgrepPath: string;
}

/** Every tool an agent has, in the order in which models see them: a fixed one, the prompt's prefix depends on it. */
export function toolbox(options: ToolboxOptions): readonly Tool[] {
  const { workspace, processes, ripgrepPath } = options;
  return [
    bash(processes, workspace.root),
    readFile(workspace),
    writeFile(workspace),
    editFile(workspace),
    listFiles(workspace),
    search(processes, workspace, ripgrepPath),
    cloneRepository(options),
    openPullRequest(options),
    reportProgress(),
    askUser(),
  ];
}
