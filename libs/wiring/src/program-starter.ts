import type { SpokenPrograms } from '@swe/adapter-host/shell';
import type { StartProgram } from '@swe/adapter-mcp/tool-source';
import { Fault } from '@swe/domain';

export interface ProgramPlaces {
  /** As the shell's user. */
  readonly programs: SpokenPrograms;
  /** Whether the shell's user is another than the daemon's. */
  readonly isShellApart: boolean;
  /** As a user for programs with secrets; absent, there is none. */
  readonly guarded: SpokenPrograms | undefined;
  /** Of the shell, absolute. */
  readonly workspaceFolder: string;
}

/**
 * Starts each program as the user that may know what it knows: where the shell has a user of its own, a program with a
 * secret has another, or is refused.
 */
export function programStarter({
  programs,
  isShellApart,
  guarded,
  workspaceFolder,
}: ProgramPlaces): StartProgram {
  return async ({ holdsSecrets, ...spec }) => {
    if (!holdsSecrets || (guarded === undefined && !isShellApart)) return programs.start(spec);
    if (guarded === undefined) {
      const mend = 'Set SWE_TOOLS_SOCKET, or name a server by its `url` instead.';
      throw new Fault('denied', `a program with a secret is not started as the shell's user. ${mend}`);
    }
    const settings = [...spec.argv, ...Object.values(spec.environment)];
    if (settings.some((setting) => setting.includes(workspaceFolder))) {
      const mend = 'Leave ${workspaceFolder} out of its settings, or the secret.';
      throw new Fault('denied', `a program with a secret does not see the workspace. ${mend}`);
    }
    return guarded.start(spec);
  };
}

/** Programs of another shell, which is opened with the first of them: until then its host need not even run. */
export class GuardedPrograms implements SpokenPrograms, AsyncDisposable {
  readonly #open: () => Promise<OpenedPrograms>;
  #opened: Promise<OpenedPrograms> | undefined;

  constructor(open: () => Promise<OpenedPrograms>) {
    this.#open = open;
  }

  readonly start: SpokenPrograms['start'] = async (spec) => {
    const { programs } = await (this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    }));
    return programs.start(spec);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.shell[Symbol.asyncDispose]();
  }
}

interface OpenedPrograms {
  readonly shell: AsyncDisposable;
  readonly programs: SpokenPrograms;
}
