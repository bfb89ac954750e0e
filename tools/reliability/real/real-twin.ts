import { execFile, execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openSqliteStore, SqliteSessionStore } from '@swe/adapter-local/sqlite';
import { TerminalChat } from '@swe/adapter-local/terminal-chat';
import { sessionBranch } from '@swe/domain';
import type { MessageBody, Session } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { filesOf, taskOf } from './counting-job';
import type { CountingJob } from './counting-job';

const BUNDLE = join(import.meta.dirname, '../../../dist/apps/local/index.mjs');
const REPOSITORY = 'shop';
const FILES = { 'package.json': '{ "name": "shop" }\n' };
const POLL_MS = 200;

/** The built product in a folder of its own: `swe up` as a real process, its workers, its SQLite file, its forge. */
export class RealTwin {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-reliability-')));
  readonly home = join(this.folder, 'swe');
  readonly #modelUrl: string;
  readonly #repository: string;
  readonly #database;
  readonly #store: SqliteSessionStore;
  readonly #chat: TerminalChat;
  #manager: ChildProcess | undefined;

  constructor(modelUrl: string) {
    this.#modelUrl = modelUrl;
    this.#repository = join(this.folder, REPOSITORY);
    mkdirSync(this.home, { recursive: true });
    this.#commit(this.#repository, FILES);
    this.#database = openSqliteStore(join(this.home, 'store.sqlite'));
    this.#store = new SqliteSessionStore(this.#database);
    this.#chat = new TerminalChat({
      folder: join(this.home, 'threads'),
      // Only read here.
      clock: new ManualClock(),
      random: { fraction: () => 0, id: () => '' },
    });
  }

  startManager(): void {
    const [program, ...args] = [...this.#swe, 'up'];
    this.#manager = spawn(program, args, { cwd: this.folder, env: this.#environment, stdio: 'ignore' });
  }

  /** As the machine's power does. */
  async killManager(): Promise<void> {
    const manager = this.#manager;
    this.#manager = undefined;
    if (manager === undefined || manager.exitCode !== null) return;
    const ended = new Promise((resolve) => manager.once('exit', resolve));
    manager.kill('SIGKILL');
    await ended;
  }

  /** Returns the session's id. */
  async submit(job: CountingJob): Promise<string> {
    const [program, ...args] = [...this.#swe, 'run', '--detach'];
    const { stdout } = await promisify(execFile)(program, [...args, ...this.argumentsOf(job)], {
      cwd: this.folder,
      env: this.#environment,
    });
    return stdout.split(' ')[0] ?? '';
  }

  /** `swe run` at a terminal of its own, which is its process group. Resolves with its exit code, null when killed. */
  runInGroup(args: readonly string[]): { readonly group: number; readonly ended: Promise<number | null> } {
    const [program, ...rest] = [...this.#swe, 'run', ...args];
    const child = spawn(program, rest, {
      cwd: this.folder,
      env: this.#environment,
      stdio: 'ignore',
      detached: true,
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { group: child.pid ?? 0, ended };
  }

  argumentsOf(job: CountingJob): readonly string[] {
    return ['--repo', this.#repository, '--task', taskOf(job)];
  }

  /** The one session that is there, once it is. */
  async newestSession(): Promise<string | undefined> {
    return (await this.#store.list({ limit: 1 })).items[0]?.id;
  }

  /** The processes of a session's worker, itself and what it executes, by the mark in their environment. */
  processesOf(sessionId: string): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`\0SWE_WORKER=${sessionId}.`))
      .map(Number);
  }

  /** The worker alone: what runs the bundle. */
  workerOf(sessionId: string): number | undefined {
    return this.processesOf(sessionId).find((pid) => commandOf(pid).includes(`\0work\0${sessionId}`));
  }

  /** Kills a worker with all of its processes; returns how many there were. */
  killAll(sessionId: string): number {
    let killed = 0;
    for (let pids = this.processesOf(sessionId); pids.length > 0; pids = this.processesOf(sessionId)) {
      killed += pids.filter((pid) => signal(pid, 'SIGKILL')).length;
    }
    return killed;
  }

  /** The machine with its disk. */
  destroyMachine(sessionId: string): void {
    this.killAll(sessionId);
    rmSync(this.#diskOf(sessionId), { recursive: true, force: true });
  }

  /** What was saved of it elsewhere. */
  destroyBlobs(sessionId: string): void {
    rmSync(join(this.home, 'blobs', sessionId), { recursive: true, force: true });
  }

  workingCopyOf(sessionId: string): string {
    return join(this.#diskOf(sessionId), 'workspace', REPOSITORY);
  }

  load(sessionId: string): Promise<Session | undefined> {
    return this.#store.load(sessionId);
  }

  /** What was sent to the session, and what came of it. */
  async messagesOf(sessionId: string): Promise<readonly { body: MessageBody; hasOutcome: boolean }[]> {
    const items = await this.#store.readInbox(sessionId, 0);
    return items.map(({ body, outcome }) => ({ body, hasOutcome: outcome !== undefined }));
  }

  /** Resolves with whether every message of the session has its outcome, and its posts were posted, by then. */
  async settles(sessionId: string, maxMs: number): Promise<boolean> {
    const endMs = Date.now() + maxMs;
    while (Date.now() < endMs) {
      const messages = await this.messagesOf(sessionId);
      const posts = await this.postsOf(sessionId);
      if (messages.every(({ hasOutcome }) => hasOutcome) && posts.length > 0) return true;
      await sleep(POLL_MS);
    }
    return false;
  }

  async postsOf(sessionId: string): Promise<readonly { effectKey: string; body: string }[]> {
    const session = await this.load(sessionId);
    return session === undefined ? [] : this.#chat.read(session.origin);
  }

  /** The name git gives the tree of the session's branch in the forge; empty when it is not there. */
  treeOf(sessionId: string): string {
    try {
      const branch = sessionBranch(sessionId);
      return this.#git(join(this.home, 'forge/repositories', `${REPOSITORY}.git`), [
        'rev-parse',
        '--verify',
        '--quiet',
        `refs/heads/${branch}^{tree}`,
      ]);
    } catch {
      return '';
    }
  }

  expectedTree(job: CountingJob): string {
    const folder = join(this.folder, `expected-${job.steps}`);
    this.#commit(folder, { ...FILES, ...filesOf(job) });
    const tree = this.#git(folder, ['rev-parse', 'HEAD^{tree}']);
    rmSync(folder, { recursive: true });
    return tree;
  }

  async close(sessionIds: readonly string[]): Promise<void> {
    await this.killManager();
    for (const id of sessionIds) this.killAll(id);
    this.#database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #diskOf(sessionId: string): string {
    return join(this.home, 'sessions', sessionId);
  }

  get #swe(): readonly [string, ...string[]] {
    return [process.execPath, '--disable-warning=ExperimentalWarning', BUNDLE];
  }

  get #environment(): Record<string, string> {
    return {
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: this.folder,
      SWE_HOME: this.home,
      SWE_MODEL: 'openai-compatible/counting',
      SWE_MODEL_BASE_URL: this.#modelUrl,
    };
  }

  #commit(folder: string, files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    this.#git(folder, ['init', '--quiet', '--initial-branch=main']);
    this.#git(folder, ['add', '--all']);
    this.#git(folder, [...identity, 'commit', '--quiet', '--message=Start']);
  }

  #git(cwd: string, args: readonly string[]): string {
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.folder, GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  }
}

/** Whether there was a process to send it to. */
export function signal(pid: number | undefined, name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): boolean {
  // Zero would be a whole process group: our own.
  if (pid === undefined || pid <= 0) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

const environmentOf = (pid: string): string => `\0${readProc(pid, 'environ')}`;
const commandOf = (pid: number): string => readProc(String(pid), 'cmdline');

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
