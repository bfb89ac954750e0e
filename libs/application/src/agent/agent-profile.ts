import { isFault, sessionBranch } from '@swe/domain';
import type {
  Directory,
  FileLimits,
  Image,
  Logger,
  Processes,
  Session,
  SessionStore,
  Snapshots,
  WebPage,
  Workspace,
} from '@swe/domain';
import { backgroundProcesses, toolbox } from '../tools';
import type { ToolboxOptions } from '../tools';
import type { Admission } from './admit-messages';
import { rightsOf } from './demand-right';
import { pageReader } from './describe-link';
import { unpushedFinder } from './find-unpushed';
import { fitFile } from './fit-file';
import { grantRepositories } from './grant-repositories';
import { wordsKeeper } from './keep-words';
import { DEFAULT_PATIENCE } from './model-trouble-policy';
import { briefer } from './knowledge/briefer';
import type { OrganisationFolder } from './knowledge/read-organisation';
import { ruleLoader } from './knowledge/rule-loader';
import { patiently } from './patiently';
import { systemPrompt } from './prompt/system-prompt';
import type { PushStanding } from './push-standing';
import type { RepoHosts } from './route-repo-hosts';
import type { AgentProfile } from './run-turn';
import { fileRestorer } from './put-back-files';
import type { AgentPorts } from './agent-ports';
import { sessionTools } from './session-tools';
import type { MachineServers, SessionToolsPorts } from './session-tools';
import { fileTaker } from './take-file';
import { DEFAULT_TURN_LIMITS } from './turn-limit-policy';

/** The machine that one session works on. */
export interface SessionMachine extends AsyncDisposable {
  readonly workspace: Workspace;
  /** What runs whatever the model asks for. */
  readonly processes: Processes;
  /** Where the host's repositories can be written, and no command of the model's runs. */
  readonly pushProcesses: Pick<Processes, 'run'>;
  /**
   * Lets its git at a repository as somebody the host knows, instead of as a stranger. `base` is the branch that the work
   * there starts from, if not the default one; `upstream` the repository that it is a branch of, for a fork.
   */
  grant(repository: string, base?: string, upstream?: string): void;
  /** Has it judge what its git pushes by this from now on; before it is told, as in a repair. */
  heed(standing: PushStanding): void;
  readonly snapshots: Snapshots;
  /** Where its organisation keeps what it tells agents; absent where it tells them nothing. */
  readonly organisation?: OrganisationFolder | undefined;
  /** Absent where no tool server is spoken to. */
  readonly toolServers?: MachineServers | undefined;
  readonly logger: Logger;
}

/** What the tools of every session share. */
export interface ToolPorts
  extends Pick<AgentPorts, 'blobs' | 'chat' | 'clock'>, Pick<ToolboxOptions, keyof FileLimits>, RepoHosts {
  readonly image: Image;
  readonly webPage: WebPage;
  readonly directory: Pick<Directory, 'person'>;
  readonly store: Pick<SessionStore, 'takeOver'>;
  readonly access: SessionToolsPorts['access'];
}

export interface ProfileOptions extends Pick<ToolboxOptions, 'ripgrepPath'> {
  /** A person's words without their chat's markup; as they are written where there is none. */
  readonly plainWords?: Admission['plainWords'];
  readonly spending: AgentProfile['spending'];
  readonly costOf?: AgentProfile['costOf'];
  readonly linksPullRequests?: boolean;
}

type ProfiledSession = Pick<Session, 'id' | 'issue' | 'repositories' | 'baseBranches' | 'upstreams'>;

/** The agent, as it works on `session` on that machine. */
export function agentProfile(
  ports: ToolPorts,
  { workspace, processes, pushProcesses, grant, heed, organisation, logger, toolServers }: SessionMachine,
  session: ProfiledSession,
  { ripgrepPath, plainWords, spending, costOf, linksPullRequests = false }: ProfileOptions,
): AgentProfile {
  const { id, issue } = session;
  const branch = sessionBranch(id, issue?.number);
  const background = backgroundProcesses(processes);
  const directory: Pick<Directory, 'person'> = {
    person: (id, place) => patiently(ports.clock, () => ports.directory.person(id, place)),
  };
  const demandRight = rightsOf(directory, ports.threadOf);
  grantRepositories(grant, session);
  return {
    system: systemPrompt({ workspaceRoot: workspace.root, branch }),
    tools: toolbox({
      ...ports,
      directory,
      demandRight,
      follow: follower(ports, id),
      grant,
      workspace,
      processes,
      pushProcesses,
      background,
      branch,
      issue,
      ripgrepPath,
    }),
    ...(toolServers && {
      outsideTools: sessionTools({ ...ports, processes, workspace }, toolServers, {
        workspace,
        spoolDirectory: processes.spoolDirectory,
        image: ports.image,
        limits: ports,
      }),
    }),
    limits: DEFAULT_TURN_LIMITS,
    brief: briefer(organisation, workspace),
    loadRules: ruleLoader({ processes, workspace, logger, repoHost: ports.repoHost }),
    findUnpushed: unpushedFinder(processes),
    patience: DEFAULT_PATIENCE,
    spending,
    readPage: pageReader(ports.repoHost, ports.serves),
    demandRight,
    takeFile: fileTaker({ ...ports, workspace }, id, (file) => fitFile(file, ports, ports.image)),
    keepWords: wordsKeeper({ ...ports, workspace }, id),
    putBackFiles: fileRestorer(ports.blobs, workspace, id),
    directory,
    ...(plainWords !== undefined && { plainWords }),
    ...(costOf !== undefined && { costOf }),
    linksPullRequests,
    heed,
    endProcesses: () => background.killAll(),
  };
}

/** A pull request's thread speaks to its session, unless another session is at work there. */
function follower({ store, threadOf }: ToolPorts, sessionId: string): ToolboxOptions['follow'] {
  return async (pullRequest) => {
    const thread = threadOf(pullRequest);
    if (thread === undefined) return;
    try {
      await store.takeOver(thread, sessionId);
    } catch (error) {
      if (!isFault(error, 'conflict')) throw error;
    }
  };
}
