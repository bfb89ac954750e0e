import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join, sep } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { changeJudge, openGitProxy, WorkingCopyObjects } from '@swe/adapter-host/git-proxy';
import type { BaseBranches, ChangeRules, GitProxy } from '@swe/adapter-host/git-proxy';
import { HostProcesses, openBubblewrap } from '@swe/adapter-host/processes';
import type { Sandbox } from '@swe/adapter-host/processes';
import { GitSnapshots } from '@swe/adapter-host/snapshots';
import { openFolderWorkspace } from '@swe/adapter-host/workspace';
import { shellEnvironment } from '@swe/application/agent';
import type { PushStanding } from '@swe/application/agent';
import { isFault } from '@swe/domain';
import type { Logger, RepoCredentials, RepoHost } from '@swe/domain';
import { openOrganisation } from './organisation';
import { fileLogger } from '@swe/runtime';
import type { Interrupts } from '@swe/runtime';

export interface MachineOptions {
  /** The program's own folder, which no command of the agent's gets to see. */
  readonly hidden: string;
  readonly path: string;
  readonly language?: string | undefined;
  /** What every process has to have in its environment, to be found by. */
  readonly mark?: Readonly<Record<string, string>>;
  /** Of the forge: bare ones, which the agent may read. */
  readonly repositories: string;
  /** Hosts that the agent's git reaches with credentials which it does not have itself; absent, as a stranger. */
  readonly git?: GitHosts | undefined;
  /** Where the organisation keeps what it tells agents, if it is there. */
  readonly organisation?: string | undefined;
  /** What must not leave the machine within a file. */
  readonly secrets: Iterable<string>;
  /** Told the reason when the agent's commands run without a sandbox. */
  onBare(reason: string): void;
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
  const own = (part: string): string => join(folder, part);
  const [home, scratchDirectory] = [own('home'), own('scratch')];
  // The forge makes its folder with its first repository, and where there is none pushes have to run as well.
  const folders = [home, own('workspace'), scratchDirectory, repositories];
  for (const each of folders) await mkdir(each, { recursive: true });
  const workspace = await openFolderWorkspace(own('workspace'));
  const { root } = workspace;
  const granted: Grants = new Map();
  let standing: PushStanding = UNTOLD;
  const judging = { stateDirectory: own('git-proxy'), environment: { PATH: path } };
  const gitProxy =
    options.git &&
    (await openProxy(options.git, granted, {
      ...judging,
      objects: new WorkingCopyObjects({ root, ...judging }),
      isRepair: () => standing.isRepair(),
      mayChangeWorkflows: () => standing.mayChangeWorkflows(),
    }));
  const environment = {
    ...shellEnvironment({ path, home, workspaceRoot: root, language }),
    ...gitProxy?.environment,
    ...options.mark,
  };

  const sandbox = await openSandbox(options, own('tmp'));
  const openProcesses = (...writable: readonly string[]): HostProcesses =>
    new HostProcesses({
      root,
      spoolDirectory: '.swe/output',
      environment,
      scratchDirectory,
      sandbox,
      writable: [home, ...writable],
    });
  const processes = openProcesses();
  const pushProcesses = openProcesses(repositories);
  const close = async (): Promise<void> => {
    await Promise.all([processes.close(), pushProcesses.close()]);
    await gitProxy?.[Symbol.asyncDispose]();
  };
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
    snapshots: new GitSnapshots({
      root,
      stateDirectory: own('snapshots'),
      environment: { PATH: path, ...gitProxy?.environment },
      holdsCredential: (_path, content) => [...secrets].some((secret) => includesBytes(content, secret)),
      mayFetchFrom: (url) =>
        isIn(repositories, url) ||
        options.git?.origins.some((origin) => url.startsWith(`${origin}/`)) === true,
    }),
    organisation: await openOrganisation(options.organisation),
    /** What shuts the processes in, with its version; undefined when nothing does. */
    sandbox: sandbox?.name,
    logger: fileLogger(own('log.jsonl')),
    [Symbol.asyncDispose]: close,
  };
}

/** The session's repositories by their plain names: where work in them starts, if not on the default branch, or elsewhere. */
type Grants = Map<string, { readonly base: string | undefined; readonly upstream: string | undefined }>;

/** Until somebody says how the session stands. */
const UNTOLD: PushStanding = { isRepair: () => true, mayChangeWorkflows: async () => false };

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

/** Also where the path goes round, by `..` or a link. */
function isIn(folder: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(realpathSync(folder) + sep);
  } catch {
    return false;
  }
}

function includesBytes(content: Uint8Array, text: string): boolean {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(text);
}

async function openSandbox(options: MachineOptions, temporary: string): Promise<Sandbox | undefined> {
  const { path, hidden, repositories } = options;
  try {
    return await openBubblewrap({
      path,
      programs: [rgPath],
      homes: personsHomes(),
      hidden: [hidden],
      readable: [repositories],
      temporary,
    });
  } catch (error) {
    if (!isFault(error)) throw error;
    options.onBare(error.message);
    return undefined;
  }
}

/** What the person's environment says, and what the system does. */
function personsHomes(): readonly string[] {
  try {
    return [homedir(), userInfo().homedir];
  } catch {
    // A container's user may have a number and nothing else.
    return [homedir()];
  }
}
