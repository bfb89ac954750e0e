import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join, sep } from 'node:path';
import { WorkingCopyObjects } from '@swe/adapter-host/git-proxy';
import { HostProcesses, openBubblewrap, ServerPrograms } from '@swe/adapter-host/processes';
import type { Sandbox } from '@swe/adapter-host/processes';
import type {
  Confinement,
  Shell,
  ShellOptions,
  ShellProcessesOptions,
  ShellProgramsOptions,
  ShellSnapshotsOptions,
  SpokenPrograms,
} from '@swe/adapter-host/shell';
import { GitSnapshots } from '@swe/adapter-host/snapshots';
import { openFolderWorkspace } from '@swe/adapter-host/workspace';
import { Fault, isFault } from '@swe/domain';
import type { Processes, Snapshots, Workspace } from '@swe/domain';

const HOME_FOLDER = 'home';

/** Opens a shell that acts as the user of this process. */
export async function openLocalShell(options: ShellOptions): Promise<LocalShell> {
  const own = (part: string): string => join(options.folder, part);
  for (const part of ['workspace', HOME_FOLDER, 'scratch']) await mkdir(own(part), { recursive: true });
  const workspace = await openFolderWorkspace(own('workspace'));
  return new LocalShell(options, workspace, await openSandbox(options, own('tmp')));
}

/** What touches the workspace, in this process. */
export class LocalShell implements Shell {
  readonly home: string;
  readonly gitObjects: WorkingCopyObjects;
  readonly confinement: Confinement;
  readonly #options: ShellOptions;
  readonly #sandbox: Sandbox | undefined;
  readonly #opened: { close(): Promise<unknown> }[] = [];

  /** @param sandbox or why there is none. */
  constructor(
    options: ShellOptions,
    readonly workspace: Workspace,
    sandbox: Sandbox | string,
  ) {
    this.#options = options;
    this.home = this.#own(HOME_FOLDER);
    this.gitObjects = new WorkingCopyObjects({
      root: workspace.root,
      stateDirectory: this.#own('git-proxy'),
      environment: { PATH: options.path },
    });
    this.#sandbox = typeof sandbox === 'string' ? undefined : sandbox;
    this.confinement = typeof sandbox === 'string' ? { bare: sandbox } : { sandbox: sandbox.name };
  }

  async openProcesses({ writable, ...options }: ShellProcessesOptions): Promise<Processes> {
    const processes = new HostProcesses({
      ...options,
      root: this.workspace.root,
      spoolDirectory: '.swe/output',
      scratchDirectory: this.#own('scratch'),
      sandbox: this.#sandbox,
      writable: [this.home, ...writable],
    });
    this.#opened.push(processes);
    return processes;
  }

  async openSnapshots({ fetchesFrom, ...options }: ShellSnapshotsOptions): Promise<Snapshots> {
    const { folders, origins } = fetchesFrom;
    return new GitSnapshots({
      ...options,
      root: this.workspace.root,
      stateDirectory: this.#own('snapshots'),
      mayFetchFrom: (url) =>
        folders.some((folder) => isIn(folder, url)) || origins.some((origin) => url.startsWith(`${origin}/`)),
    });
  }

  async openPrograms({ environment }: ShellProgramsOptions): Promise<SpokenPrograms> {
    const programs = new ServerPrograms({
      folder: this.#own('tool-servers'),
      environment,
      writable: [this.workspace.root],
      openSandbox: async (temporary) => {
        if (this.#sandbox === undefined) return undefined;
        const sandbox = await openSandbox(this.#options, temporary);
        // One of them bare, where all others are shut in, is nobody's wish.
        if (typeof sandbox === 'string') throw new Fault('denied', sandbox);
        return sandbox;
      },
    });
    this.#opened.push(programs);
    return { start: (spec) => programs.start(spec) };
  }

  /** Ends every process that was started. To be called once nothing is run or started any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#opened.map((processes) => processes.close()));
  }

  #own(part: string): string {
    return join(this.#options.folder, part);
  }
}

/** A sandbox, or why there is none. */
async function openSandbox(options: ShellOptions, temporary: string): Promise<Sandbox | string> {
  try {
    return await openBubblewrap({ ...options, homes: personsHomes(), temporary });
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.message;
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

/** Also where the path goes round, by `..` or a link. */
function isIn(folder: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(realpathSync(folder) + sep);
  } catch {
    return false;
  }
}
