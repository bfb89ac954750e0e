import { Fault } from '@swe/domain';
import { execa } from 'execa';

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Nothing may run, ask or wait: no hooks, no templates, no monitor, no background maintenance, and no command that a
 * partial clone names to bring what it lacks. A ref that another process has locked is waited for, by git itself.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.filesRefLockTimeout=5000',
  'core.packedRefsTimeout=5000',
  'gc.auto=0',
  'maintenance.auto=false',
  'user.name=forge',
  'user.email=forge@localhost',
].flatMap((setting) => ['-c', setting]);

const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
  GIT_ASKPASS: '',
  LC_ALL: 'C',
};

type Input = ({ readonly input: string } | { readonly stdin: 'ignore' }) & {
  readonly maxBuffer?: { readonly stdout: number };
};

/** Runs git by argument vector, in `folder`, with nothing of this process's environment but `env`. */
export class Git {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#env = { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes', ...env, ...ENVIRONMENT };
  }

  /** Returns what git printed. Throws an `Error` with git's own words when it fails. */
  async run(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.attempt(...args);
    if (exitCode === 0) return stdout;
    throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  }

  /** As `run`, with `input` on git's standard input. */
  async feed(input: string, ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#execute(args, { input });
    if (exitCode === 0) return stdout;
    throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  }

  /** For commands whose failure is an answer. Throws `missing` where there is no git at all. */
  attempt(...args: string[]): Promise<GitResult> {
    return this.#execute(args, { stdin: 'ignore' });
  }

  /**
   * Whether git prints anything, ended as soon as it does: what it would print may be of any length. `settings` hold
   * for this command alone.
   */
  async prints(settings: Readonly<Record<string, string>>, ...args: string[]): Promise<boolean> {
    const options = { stdin: 'ignore', env: asEnvironment(settings), maxBuffer: { stdout: 1 } } as const;
    const { exitCode, stdout, stderr } = await this.#execute(args, options);
    if (stdout !== '') return true;
    if (exitCode === 0) return false;
    throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  }

  async #execute(
    args: readonly string[],
    { env = {}, ...options }: Input & { readonly env?: Readonly<Record<string, string>> },
  ): Promise<GitResult> {
    const result = await execa('git', [...SETTINGS, ...args], {
      cwd: this.#folder,
      env: { ...this.#env, ...env },
      extendEnv: false,
      reject: false,
      ...options,
    });
    if (result.code === 'ENOENT') {
      const problem = 'git was not found on the PATH. Install git, then try again.';
      throw new Fault('missing', problem, { cause: result });
    }
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }

  /** The commit a branch points to. The name is taken as it is, never as one of git's revision expressions. */
  async branchHead(repositoryPath: string, branch: string): Promise<string | undefined> {
    const ref = `refs/heads/${branch}`;
    const found = await this.run(
      '-C',
      repositoryPath,
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      ref,
    );
    // A pattern also matches what lies below it.
    const line = found.split('\n').find((each) => each.endsWith(` ${ref}`));
    return line?.split(' ', 1)[0];
  }

  /** As `isAncestor`, of a commit that may not exist at all. */
  async has(repositoryPath: string, sha: string, descendant: string): Promise<boolean> {
    const args = ['-C', repositoryPath, 'cat-file', '-e', `${sha}^{commit}`];
    const { exitCode } = await this.attempt(...args);
    return exitCode === 0 && (await this.isAncestor(repositoryPath, sha, descendant));
  }

  async isAncestor(repositoryPath: string, ancestor: string, descendant: string): Promise<boolean> {
    const args = ['-C', repositoryPath, 'merge-base', '--is-ancestor', ancestor, descendant];
    const { exitCode, stderr } = await this.attempt(...args);
    if (exitCode > 1) throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    return exitCode === 0;
  }
}

/** As environment, since `-c` would take an equals sign in a name for the end of it. */
function asEnvironment(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(settings).flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length / 2), ...Object.fromEntries(pairs) };
}
