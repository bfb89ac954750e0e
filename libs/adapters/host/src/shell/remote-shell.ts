import type { Processes, Snapshots } from '@swe/domain';
import type { OutputOf } from './methods';
import { RemoteGitObjects } from './remote-git-objects';
import { RemoteProcesses } from './remote-processes';
import { startRemoteProgram } from './remote-program';
import { RemoteSnapshots } from './remote-snapshots';
import { RemoteWorkspace } from './remote-workspace';
import type {
  Confinement,
  Shell,
  ShellOptions,
  ShellProcessesOptions,
  ShellProgramsOptions,
  ShellSnapshotsOptions,
  SpokenPrograms,
} from './shell';
import { ShellLink } from './shell-link';

/** Opens a shell of the process that listens at `socketPath`, as its user. `transient` when there is none. */
export async function connectShell(socketPath: string, options: ShellOptions): Promise<Shell> {
  const link = new ShellLink(socketPath);
  try {
    return new RemoteShell(link, await link.open('shell.open', options));
  } catch (error) {
    await link.leave();
    throw error;
  }
}

/** What touches the workspace, in another user's process. */
class RemoteShell implements Shell {
  readonly workspace: RemoteWorkspace;
  readonly home: string;
  readonly confinement: Confinement;
  readonly gitObjects: RemoteGitObjects;
  readonly #link: ShellLink;
  #nextHandle = 0;

  constructor(link: ShellLink, { root, home, confinement }: OutputOf<'shell.open'>) {
    this.home = home;
    this.confinement = confinement;
    this.#link = link;
    this.workspace = new RemoteWorkspace(link, root);
    this.gitObjects = new RemoteGitObjects(link);
  }

  async openProcesses(options: ShellProcessesOptions): Promise<Processes> {
    const handle = this.#nextHandle++;
    const { spoolDirectory } = await this.#link.open('processes.open', { ...options, handle });
    return new RemoteProcesses(this.#link, handle, spoolDirectory);
  }

  async openSnapshots({ holdsCredential, ...options }: ShellSnapshotsOptions): Promise<Snapshots> {
    const handle = this.#nextHandle++;
    this.#link.examine(handle, holdsCredential);
    await this.#link.open('snapshots.open', { ...options, handle });
    return new RemoteSnapshots(this.#link, handle);
  }

  async openPrograms(options: ShellProgramsOptions): Promise<SpokenPrograms> {
    const handle = this.#nextHandle++;
    await this.#link.open('programs.open', { ...options, handle });
    return {
      start: (spec) => startRemoteProgram(this.#link, { handle, program: this.#nextHandle++, spec }),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link.close();
  }
}
