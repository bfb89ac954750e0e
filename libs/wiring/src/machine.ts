import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { changeJudge, openGitProxy } from '@swe/adapter-host/git-proxy';
import type { BaseBranches, ChangeRules, GitProxy } from '@swe/adapter-host/git-proxy';
import type { Shell, ShellOptions, SpokenPrograms } from '@swe/adapter-host/shell';
import { shellEnvironment } from '@swe/application/agent';
import type { MachineServers, PushStanding } from '@swe/application/agent';
import { Fault } from '@swe/domain';
import type { Logger, RepoCredentials, RepoHost, ToolSource } from '@swe/domain';
import { openOrganisation } from './organisation';
import { fileLogger } from '@swe/runtime';
import type { Interrupts } from '@swe/runtime';
import { GuardedPrograms, programStarter } from './program-starter';
import { openToolSource } from './tool-servers';
import type { ToolServers } from './tool-servers';

export interface MachineOptions {
  /** The program's own folder, which no command of the agent's gets to see. */
  readonly hidden: string;
  readonly path: string;
  readonly language?: string | undefined;
  /** What every process has to have in its environment, to be found by. */
  readonly mark?: Readonly<Record<string, string>>;
  /** Of the forge: folders of bare ones, which the agent may read; none where it has no forge. */
  readonly repositories: readonly string[];
  /** Another user's, who has the shell; absent, this process has it. */
  readonly shellHost?: HostPlace | undefined;
  /** As that, of a third user, who has the programs with secrets. */
  readonly toolsHost?: HostPlace | undefined;
  /** Hosts that the agent's git reaches with credentials which it does not have itself; absent, as a stranger. */
  readonly git?: GitHosts | undefined;
  /** Where the organisation keeps what it tells agents, if it is there. */
  readonly organisation?: string | undefined;
  /** Programs whose tools the agent has beside its own. */
  readonly toolServers?: ToolServers | undefined;
  /** What must not leave the machine within a file. */
  readonly secrets: Iterable<string>;
  /** Told the reason when the agent's commands run without a sandbox. */
  onBare(reason: string): void;
}

/** A process that has shells of its user. */
interface HostPlace {
  readonly socketPath: string;
  /** Of the session, below that user's home. */
  readonly folder: string;
}

export interface GitHosts {
  readonly sessionId: string;
  /** `https://github.com` */
  readonly origins: readonly string[];
  readonly credentials: RepoCredentials;
  readonly repoHost: Pick<RepoHost, 'repository' | 'branchHead' | 'isOnBranch'>;
  readonly logger: Logger;
}

/** A workspace in `folder`, and processes that see it, and of the person's environment and files nothing. */
export async function openMachine(options: MachineOptions, folder: string, interrupts: Interrupts) {
  const { path, language, repositories, secrets } = options;
  // The forge makes its folder with its first repository, and where there is none pushes have to run as well.
  for (const each of repositories) await mkdir(each, { recursive: true });
  await using opened = new AsyncDisposableStack();
  const shell = opened.use(await openShell(options, folder));
  const { workspace, home, confinement } = shell;
  if ('bare' in confinement) options.onBare(confinement.bare);
  const granted: Grants = new Map();
  let standing: PushStanding = UNTOLD;
  const openProxyOf = (hosts: GitHosts): Promise<GitProxy> =>
    openProxy(hosts, granted, {
      stateDirectory: join(folder, 'git-proxy'),
      environment: { PATH: path },
      objects: shell.gitObjects,
      isRepair: () => standing.isRepair(),
      mayChangeWorkflows: () => standing.mayChangeWorkflows(),
      demandPush: (repository) => standing.demandPush(repository),
    });
  const gitProxy = options.git && opened.use(await openProxyOf(options.git));
  const environment = {
    ...shellEnvironment({ path, home, workspaceRoot: workspace.root, language }),
    ...gitProxy?.environment,
    ...options.mark,
  };
  const processes = await shell.openProcesses({ environment, writable: [] });
  const pushProcesses = await shell.openProcesses({ environment, writable: repositories });
  const { toolsHost } = options;
  const startProgram = programStarter({
    programs: await openProgramsOf(shell, options),
    isShellApart: options.shellHost !== undefined,
    guarded: toolsHost && opened.use(new GuardedPrograms(() => openGuarded(toolsHost, options))),
    workspaceFolder: workspace.root,
  });
  const snapshots = await shell.openSnapshots({
    environment: { PATH: path, ...gitProxy?.environment },
    fetchesFrom: { folders: repositories, origins: options.git?.origins ?? [] },
    holdsCredential: (_path, content) => [...secrets].some((secret) => includesBytes(content, secret)),
  });
  const machine = opened.move();
  const close = (): Promise<void> => machine.disposeAsync();
  const openServers = (servers: ToolServers): ToolSource => {
    const source = openToolSource(servers, workspace.root, startProgram);
    machine.defer(() => source.close());
    return source;
  };
  const toolServers = options.toolServers && serversOf(options.toolServers, openServers);
  interrupts.beforeQuit(close);
  return {
    workspace,
    processes,
    pushProcesses,
    grant(repository: string, base?: string, upstream?: string): void {
      const name = plain(repository);
      const before = granted.get(name);
      granted.set(name, { base: base ?? before?.base, upstream: upstream ?? before?.upstream });
    },
    heed(told: PushStanding): void {
      standing = told;
    },
    snapshots,
    organisation: await openOrganisation(options.organisation),
    toolServers,
    /** What shuts the processes in, with its version; undefined when nothing does. */
    sandbox: 'sandbox' in confinement ? confinement.sandbox : undefined,
    logger: fileLogger(join(folder, 'log.jsonl')),
    [Symbol.asyncDispose]: close,
  };
}

/** The session's repositories by their plain names: where work in them starts, if not on the default branch, or elsewhere. */
type Grants = Map<string, { readonly base: string | undefined; readonly upstream: string | undefined }>;

/** Until somebody says how the session stands. */
const UNTOLD: PushStanding = {
  isRepair: () => true,
  mayChangeWorkflows: async () => false,
  demandPush: async () => undefined,
};

async function openShell(
  { path, hidden, repositories, shellHost }: MachineOptions,
  folder: string,
): Promise<Shell> {
  const common = { path, programs: [rgPath], hidden: [hidden], readable: repositories };
  // Either is loaded where it is needed: the memory of a small machine is for what the agent runs.
  if (shellHost === undefined) {
    const { openLocalShell } = await import('./local-shell');
    return openLocalShell({ ...common, folder });
  }
  return connectTo(shellHost, common);
}

async function connectTo(
  { socketPath, folder }: HostPlace,
  options: Omit<ShellOptions, 'folder'>,
): Promise<Shell> {
  const { connectShell } = await import('@swe/adapter-host/shell');
  return connectShell(socketPath, { ...options, folder });
}

function openProgramsOf(
  shell: Shell,
  { path, language, mark }: Pick<MachineOptions, 'path' | 'language' | 'mark'>,
): Promise<SpokenPrograms> {
  const { home, workspace } = shell;
  const environment = shellEnvironment({ path, home, workspaceRoot: workspace.root, language });
  return shell.openPrograms({ environment: { ...environment, ...mark } });
}

/** With a workspace of its own, where nothing is. */
async function openGuarded(toolsHost: HostPlace, options: MachineOptions) {
  const { path, hidden, onBare } = options;
  await using opened = new AsyncDisposableStack();
  const shell = opened.use(
    await connectTo(toolsHost, { path, programs: [], hidden: [hidden], readable: [] }),
  );
  if ('bare' in shell.confinement) onBare(shell.confinement.bare);
  const programs = await openProgramsOf(shell, options);
  opened.move();
  return { shell, programs };
}

function serversOf(configured: ToolServers, open: (servers: ToolServers) => ToolSource): MachineServers {
  const { servers, clock } = configured;
  const readSecret = async (name: string): Promise<never> => {
    throw new Fault('denied', `a repository's server does not get the secret ${name}`);
  };
  return {
    configured: { names: [...servers.keys()], source: open(configured) },
    open: (own) => open({ servers: own, readSecret, clock }),
  };
}

function openProxy(
  { sessionId, origins, credentials, repoHost, logger }: GitHosts,
  granted: Grants,
  judging: Omit<ChangeRules, 'branches'> & PushStanding,
): Promise<GitProxy> {
  // What is pushed to a fork began in its upstream, whose branches the fork's may lack, or be behind.
  const startOf = (repository: string): string => granted.get(plain(repository))?.upstream ?? repository;
  const branches: BaseBranches = {
    async baseBranch(repository) {
      const { url, defaultBranch } = await repoHost.repository(startOf(repository));
      const branch = granted.get(plain(repository))?.base ?? defaultBranch;
      const head = await repoHost.branchHead(url, branch);
      return head === undefined ? undefined : branch;
    },
    isOnBranch: (repository, branch, sha) => repoHost.isOnBranch(startOf(repository), branch, sha),
  };
  return openGitProxy({
    sessionId,
    origins,
    credentials,
    isOfSession: (repository) => granted.has(plain(repository)),
    // Into a fork of the agent's own anybody may have it push.
    demandPush: async (repository) => {
      if (granted.get(plain(repository))?.upstream === undefined) await judging.demandPush(repository);
    },
    workflows: {
      mayChangeWorkflows: () => judging.mayChangeWorkflows(),
      objects: judging.objects,
      branches,
    },
    judgeChange: changeJudge({ ...judging, branches }),
    logger,
  });
}

/** Hosts don't tell letters by their case in names, and git's `.git` is not part of one. */
const plain = (repository: string): string => repository.replace(/\.git$/, '').toLowerCase();

function includesBytes(content: Uint8Array, text: string): boolean {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(text);
}
