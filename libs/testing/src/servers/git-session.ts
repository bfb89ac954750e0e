import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { LogFields, Logger } from '@swe/domain';
import { ManualClock } from '../memory/manual-clock';
import { MemoryRepoCredentials } from '../memory/memory-repo-credentials';
import type { GitResult } from './git-fixture';
import type { GitAccess } from './git-request';
import { bareRepositoryPath, createBareRepository, openLoopbackGit } from './loopback-git';
import type { GitVerdict, LoopbackGit } from './loopback-git';

const run = promisify(execFile);

export interface LoggedFact {
  readonly event: string;
  readonly fields: LogFields;
}

/** What stands between a session's git and its host has to be opened with. */
export interface GitSessionParts {
  /** The host's. */
  readonly origin: string;
  readonly path: string;
  readonly credentials: MemoryRepoCredentials;
  readonly isOfSession: (repository: string) => boolean;
  readonly workspace: string;
  /** A folder of its own. */
  readonly stateDirectory: string;
  readonly mayChangeWorkflows: () => boolean;
  readonly isRepair: () => boolean;
  readonly isOnBranch: (repository: string, branch: string, sha: string) => Promise<boolean>;
  readonly logger: Logger;
}

/** A git host, a session that works on its `acme/shop`, and what stands between them. */
export interface GitSession<Between> extends AsyncDisposable {
  readonly host: LoopbackGit;
  readonly credentials: MemoryRepoCredentials;
  readonly proxy: Between;
  readonly workspace: string;
  readonly facts: readonly LoggedFact[];
  /** What the host answers instead, where it says anything. */
  verdict: (repository: string, access: GitAccess) => GitVerdict | undefined;
  mayChangeWorkflows: boolean;
  /** Failed checks are being repaired. */
  isRepair: boolean;
  /** All of a shell's environment. */
  readonly environment: Readonly<Record<string, string>>;
  urlOf(repository: string): string;
  /** Where the host keeps a repository. */
  pathOf(repository: string): string;
  /** Runs git as the agent's shell does, in a folder of the workspace. */
  git(folder: string, ...args: readonly string[]): Promise<GitResult>;
  /** A clone of `acme/shop` in the workspace, on the session's branch. */
  clone(name?: string, ...options: readonly string[]): Promise<string>;
  commit(folder: string, path: string, content: string | Buffer): Promise<string>;
  /** What the host has at a ref; empty where there is none. */
  headOf(ref: string, repository?: string): Promise<string>;
}

/** Opens a session whose branch is `branch`. `path` is where programs are found. */
export async function openGitSession<
  Between extends AsyncDisposable & { readonly environment: Readonly<Record<string, string>> },
>(
  { path, branch }: { readonly path: string; readonly branch: string },
  open: (parts: GitSessionParts) => Promise<Between>,
): Promise<GitSession<Between>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-proxy-')));
  const repositories = join(folder, 'host');
  const workspace = join(folder, 'workspace');
  for (const name of [workspace, join(folder, 'home')]) mkdirSync(name);
  const credentials = new MemoryRepoCredentials(new ManualClock());
  const host = await openLoopbackGit({
    folder: repositories,
    authorize: (credential, repository, access) => {
      const instead = world.verdict(repository, access);
      if (instead !== undefined) return instead;
      const isPublic = repository.startsWith('public/') && access === 'read';
      if (credential === undefined) return isPublic ? 'allow' : 401;
      if (repository === 'acme/old') return { movedTo: 'acme/shop' };
      const { password } = credential;
      return [world.urlOf(repository), renamed].some((url) => credentials.lets(password, url, access))
        ? 'allow'
        : 401;
    },
  });
  const facts: LoggedFact[] = [];
  const own = `${host.origin}/acme/shop`;
  const renamed = `${host.origin}/acme/old`;
  const proxy = await open({
    origin: host.origin,
    path,
    credentials,
    isOfSession: (repository) => repository === own || repository === renamed,
    workspace,
    stateDirectory: join(folder, 'state'),
    mayChangeWorkflows: () => world.mayChangeWorkflows,
    isRepair: () => world.isRepair,
    isOnBranch: async (_repository, base, sha) => {
      const args = ['merge-base', '--is-ancestor', sha, base];
      return (await gitWith({ PATH: path }, world.pathOf('acme/shop'), args)).code === 0;
    },
    logger: recordingLogger(facts),
  });
  const home = join(folder, 'home');
  const environment = {
    PATH: path,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
    LC_ALL: 'C',
    ...proxy.environment,
  };
  const world: GitSession<Between> = {
    host,
    credentials,
    proxy,
    workspace,
    facts,
    verdict: () => undefined,
    mayChangeWorkflows: false,
    isRepair: false,
    environment,
    urlOf: (repository) => `${host.origin}/${repository}`,
    pathOf: (repository) => bareRepositoryPath(repositories, repository),
    git: (cwd, ...args) => gitWith(environment, join(workspace, cwd), args),
    clone: async (name = 'shop', ...options) => {
      const cloned = await world.git('.', 'clone', ...options, `${own}.git`, name);
      if (cloned.code !== 0) throw new Error(cloned.err);
      await world.git(name, 'checkout', '--quiet', '-b', branch);
      return name;
    },
    commit: async (name, path, content) => {
      const file = join(workspace, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      await world.git(name, 'add', '--all');
      await world.git(name, 'commit', '--quiet', '--message', path);
      return (await world.git(name, 'rev-parse', 'HEAD')).out;
    },
    headOf: async (ref, repository = 'acme/shop') => {
      const args = ['rev-parse', '--verify', '--quiet', ref];
      const found = await gitWith({ PATH: path }, world.pathOf(repository), args);
      return found.out;
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  credentials.add(own);
  credentials.add(renamed);
  for (const name of ['acme/shop', 'acme/other', 'public/lib']) {
    await seed(createBareRepository(repositories, name), path);
  }
  return world;
}

/** Runs git with `environment` and nothing else. */
export async function gitWith(
  environment: Readonly<Record<string, string>>,
  cwd: string,
  args: readonly string[],
): Promise<GitResult> {
  const env = { GIT_CONFIG_NOSYSTEM: '1', HOME: cwd, ...environment };
  try {
    const running = run('git', args, { cwd, env, maxBuffer: 64 << 20 });
    running.child.stdin?.end();
    const { stdout, stderr } = await running;
    return { code: 0, out: stdout.trim(), err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout.trim(), err: stderr };
  }
}

/** A history of three commits with a workflow, by way of the host's own folder. */
async function seed(bare: string, path: string): Promise<void> {
  const files = [
    ['README.md', 'one\n'],
    ['.github/workflows/ci.yml', 'on: push\n'],
    ['src/a.ts', 'a\n'.repeat(1000)],
  ] as const;
  const stream = files
    .map(([path, content], at) =>
      [
        'commit refs/heads/main',
        `mark :${at + 1}`,
        `committer a <a@b> ${1_700_000_000 + at} +0000`,
        `data ${path.length}\n${path}`,
        ...(at === 0 ? [] : [`from :${at}`]),
        `M 100644 inline ${path}`,
        `data ${content.length}\n${content}`,
      ].join('\n'),
    )
    .join('\n');
  const importing = run('git', ['fast-import', '--quiet'], { cwd: bare, env: { PATH: path } });
  importing.child.stdin?.end(`${stream}\n`);
  await importing;
}

function recordingLogger(facts: LoggedFact[], bound: LogFields = {}): Logger {
  const record = (event: string, fields: LogFields = {}): void =>
    void facts.push({ event, fields: { ...bound, ...fields } });
  return {
    debug: record,
    info: record,
    warn: record,
    error: record,
    with: (fields) => recordingLogger(facts, { ...bound, ...fields }),
  };
}
