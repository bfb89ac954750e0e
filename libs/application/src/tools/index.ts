import type {
  BlobStore,
  Chat,
  CheckLogs,
  Clock,
  CodeReview,
  Directory,
  FileLimits,
  Image,
  IssueRef,
  Processes,
  RepoForks,
  RepoHost,
  WebPage,
  Workspace,
} from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import type { Tool } from '../agent/tool';
import { askUser } from './ask-user';
import type { BackgroundProcesses } from './background-processes';
import { bash } from './bash';
import { cloneRepository } from './clone-repository';
import { editFile } from './edit-file';
import { comment } from './comment';
import { fetchUrl } from './fetch-url';
import { listFiles } from './list-files';
import { openPullRequest } from './open-pull-request';
import { processInput } from './process-input';
import { processKill } from './process-kill';
import { processOutput } from './process-output';
import { readFile } from './read-file';
import { readResult } from './read-result';
import { readReview } from './read-review';
import { replyToReview } from './reply-to-review';
import { reportProgress } from './report-progress';
import { resolveThread } from './resolve-thread';
import { search } from './search';
import { sendFile } from './send-file';
import { todo } from './todo';
import { viewFile } from './view-file';
import { waitForChecks } from './wait-for-checks';
import { writeFile } from './write-file';

export { backgroundProcesses } from './background-processes';
export { outsideTools } from './outside-tools';
export type { NamedSource } from './joined-tool-source';
export type { ResultPlace } from './show-outside-result';

export interface ToolboxOptions extends FileLimits {
  readonly workspace: Workspace;
  readonly processes: Processes;
  /** Over the same processes. */
  readonly background: BackgroundProcesses;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly chat: Pick<Chat, 'maxAttachmentBytes'>;
  /** Where the host's repositories can be written. Runs `git push` and nothing else. */
  readonly pushProcesses: Pick<Processes, 'run'>;
  readonly image: Image;
  readonly webPage: WebPage;
  readonly clock: Clock;
  readonly repoHost: RepoHost;
  readonly forks: RepoForks;
  readonly directory: Pick<Directory, 'person'>;
  readonly demandRight: DemandRight;
  /** Lets git at a repository as somebody its host knows. */
  grant(repository: string, base?: string, upstream?: string): void;
  /** Has what is said of a pull request reach the session. */
  follow(pullRequest: IssueRef): Promise<void>;
  readonly codeReview: CodeReview;
  readonly checkLogs: CheckLogs;
  /** The branch the session works on. */
  readonly branch: string;
  /** The issue that the session's task is, if it is one. */
  readonly issue: IssueRef | undefined;
  /** Absolute path of the ripgrep program. */
  readonly ripgrepPath: string;
}

/** Every tool an agent has, in the order in which models see them: a fixed one, the prompt's prefix depends on it. */
export function toolbox(options: ToolboxOptions): readonly Tool[] {
  const { workspace, processes, background, ripgrepPath } = options;
  return [
    bash(processes, background, workspace),
    readFile(workspace),
    writeFile(workspace),
    editFile(workspace),
    listFiles(workspace),
    search(processes, workspace, ripgrepPath),
    cloneRepository(options),
    openPullRequest(options),
    reportProgress(),
    askUser(),
    sendFile(workspace, options.blobs, options.chat),
    processOutput(background, options.clock),
    processInput(background),
    processKill(background),
    viewFile(workspace, options.image, options),
    fetchUrl(options.webPage),
    todo(),
    waitForChecks(options),
    readReview(options),
    replyToReview(options),
    resolveThread(options),
    comment(options),
    readResult(),
  ];
}
