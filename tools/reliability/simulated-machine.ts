import { Fault, HARNESS_NOTE } from '@swe/domain';
import type { Processes, RunResult, RunSpec } from '@swe/domain';
import { MemoryWorkspace } from '@swe/testing/memory';
import type { MemoryRepoHost } from '@swe/testing/memory';

const BRANCH_HEAD = /^HEAD:refs\/heads\/(.+)$/;

/**
 * A machine's disk with the few git commands that the tools use. It outlives the processes on it, as a volume does;
 * what a killed command had done stays done.
 */
export class SimulatedMachine {
  readonly workspace = new MemoryWorkspace();
  #cloneUrl = '';
  #branch = '';
  #commits = 0;

  constructor(
    private readonly repoHost: MemoryRepoHost,
    private readonly repository: string,
  ) {}

  readonly processes: Processes = {
    spoolDirectory: '.swe/output',
    run: async (spec) => resultOf(spec, await this.#execute(spec)),
    start: nothingInBackground,
    output: nothingInBackground,
    input: nothingInBackground,
    kill: nothingInBackground,
  };

  async #execute({ command }: RunSpec): Promise<string | number> {
    if ('script' in command) return this.#script(command.script);
    const [, , , verb, ...args] = command.argv;
    switch (verb) {
      case 'clone':
        this.#cloneUrl = args.at(-2) ?? '';
        await this.workspace.write(`${args.at(-1)}/README`, new Uint8Array());
        return '';
      case 'rev-parse':
        if (args.includes('HEAD')) return this.#head();
        return args.at(-1) === `refs/heads/${this.#branch}` && this.#branch !== '' ? this.#head() : 1;
      case 'checkout':
        this.#branch = args.at(-2) ?? '';
        return '';
      case 'config':
        return this.#cloneUrl;
      case 'branch':
        return this.#branch;
      case 'rev-list':
        return String(this.#commits);
      case 'push': {
        const branch = BRANCH_HEAD.exec(args.at(-1) ?? '')?.[1] ?? '';
        this.repoHost.pushCommit(this.repository, branch, this.#head());
        return '';
      }
      default:
        return '';
    }
  }

  /** What the agent's shell runs: its tests, and the commit, which is one however often it is made. */
  #script(script: string): string | number {
    if (script.startsWith('git commit')) this.#commits = 1;
    return `${script}: ok`;
  }

  #head(): string {
    return String(this.#commits).repeat(40);
  }
}

async function nothingInBackground(): Promise<never> {
  throw new Fault('missing', 'no process runs in the background here');
}

function resultOf({ cwd }: RunSpec, printed: string | number): RunResult {
  const head = typeof printed === 'string' ? printed : `${HARNESS_NOTE} no`;
  const rest = { tail: '', omittedBytes: 0, totalBytes: head.length, spoolPath: '', spooledBytes: 0 };
  return {
    end: 'exited',
    exitCode: typeof printed === 'string' ? 0 : printed,
    signal: null,
    output: { head, ...rest },
    cwd: cwd === '.' ? '/workspace' : cwd,
    leftovers: 0,
    durationMs: 0,
  };
}
