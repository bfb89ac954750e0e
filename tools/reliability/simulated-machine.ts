import { createHash } from 'node:crypto';
import { Fault, HARNESS_NOTE } from '@swe/domain';
import type { Processes, RunResult, RunSpec } from '@swe/domain';
import { MemoryWorkspace } from '@swe/testing/memory';
import type { MemoryRepoHost } from '@swe/testing/memory';
import { z } from 'zod';
import { SimulatedSnapshots } from './simulated-snapshots';

const BRANCH_HEAD = /^HEAD:refs\/heads\/(.+)$/;
const DIRECTORY = 'shop';
const ORIGIN_HEAD = 'refs/remotes/origin/main';
const GIT_STATE = `${DIRECTORY}/.git/state.json`;

const gitState = z.object({ cloneUrl: z.string(), branch: z.string(), head: z.string(), commits: z.int() });
type GitState = z.infer<typeof gitState>;

/**
 * A machine's disk with the few git commands that the tools use. It outlives the processes on it, as a volume does;
 * what a killed command had done stays done. All there is of it is in files.
 */
export class SimulatedMachine {
  readonly workspace = new MemoryWorkspace();
  readonly snapshots = new SimulatedSnapshots(this.workspace, DIRECTORY);

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
    const isClone = 'argv' in command && command.argv[3] === 'clone';
    const git = isClone ? { cloneUrl: '', branch: '', head: '0'.repeat(40), commits: 0 } : this.#read();
    if (git === undefined) return 1;
    if ('script' in command) return this.#script(command.script, git);
    const [, , , verb, ...args] = command.argv;
    switch (verb) {
      case 'clone':
        await this.workspace.write(`${args.at(-1)}/README`, new Uint8Array());
        this.#write({ ...git, cloneUrl: args.at(-2) ?? '' });
        return '';
      case 'rev-parse':
        if (args[0] === '--show-toplevel') return `${this.workspace.root}/${DIRECTORY}\n${git.head}`;
        if (args.includes('HEAD') || args.at(-1) === ORIGIN_HEAD) return git.head;
        return args.at(-1) === `refs/heads/${git.branch}` && git.branch !== '' ? git.head : 1;
      case 'checkout':
        this.#write({ ...git, branch: args.at(-2) ?? '' });
        return '';
      case 'config':
        return git.cloneUrl;
      case 'branch':
        return git.branch;
      case 'rev-list':
        return String(git.commits);
      case 'push': {
        const branch = BRANCH_HEAD.exec(args.at(-1) ?? '')?.[1] ?? '';
        this.repoHost.pushCommit(this.repository, branch, git.head);
        return '';
      }
      case 'grep':
        return 1;
      default:
        return '';
    }
  }

  /** What the agent's shell runs: its tests, and the commit, which is one however often it is made. */
  #script(script: string, git: GitState): string | number {
    if (script.startsWith('git commit')) this.#write({ ...git, head: this.#treeHash(), commits: 1 });
    return `${script}: ok`;
  }

  #treeHash(): string {
    const files = Object.entries(this.workspace.files(`${this.workspace.root}/${DIRECTORY}`));
    return treeHash(Object.fromEntries(files.filter(([path]) => !path.startsWith('.git/'))));
  }

  #read(): GitState | undefined {
    const text = this.workspace.files(this.workspace.root)[GIT_STATE];
    return text === undefined ? undefined : gitState.parse(JSON.parse(text));
  }

  #write(state: GitState): void {
    this.workspace.put(`${this.workspace.root}/${GIT_STATE}`, JSON.stringify(state));
  }
}

/** What a commit of these files is named by. */
export function treeHash(files: Readonly<Record<string, string>>): string {
  return createHash('sha1')
    .update(JSON.stringify(Object.entries(files).sort()))
    .digest('hex');
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
