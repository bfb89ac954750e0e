import { mkdir } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { HostProcesses } from '@swe/adapter-host/processes';
import { openFolderWorkspace } from '@swe/adapter-host/workspace';
import { openForge } from '@swe/adapter-local/forge';
import { LoopbackBus } from '@swe/adapter-local/loopback-bus';
import { REHEARSAL_SCRIPTS, rehearsalModel } from '@swe/adapter-local/rehearsal';
import { openSqliteStore, SqliteJournal, SqliteOutbox, SqliteSessionStore } from '@swe/adapter-local/sqlite';
import {
  checkList,
  EXIT_CODES,
  eventsOf,
  jsonLines,
  runCommandLine,
  sessionHead,
  sessionsTable,
  TerminalChat,
  transcript,
} from '@swe/adapter-local/terminal';
import type { ExitCode, Handlers, RunOptions } from '@swe/adapter-local/terminal';
import {
  DEFAULT_TURN_LIMITS,
  issueReader,
  runSession,
  shellEnvironment,
  systemPrompt,
} from '@swe/application/agent';
import { receiveMessage } from '@swe/application/ingress';
import { resolveTask, runDemo, runVerdict } from '@swe/application/local';
import type { ResolvedTask, TaskHosts } from '@swe/application/local';
import { toolbox } from '@swe/application/tools';
import { localConfig } from '@swe/config/local';
import { Fault, sessionBranch } from '@swe/domain';
import type { AgentObserver, LanguageModel, MessageBody, Outcome, Receipt, Session } from '@swe/domain';
import type { Interrupts } from '@swe/runtime';
import { fileLogger, listenForInterrupts, loadConfig, systemClock, systemRandom } from '@swe/runtime';

const write = (text: string): void => void process.stdout.write(text);
const complain = (text: string): void => void process.stderr.write(text);
// A reader that went away (`swe run | head`) must not end work that goes on without it.
process.stdout.on('error', () => undefined);

const columns = process.stdout.columns ?? 110;

type Twin = ReturnType<typeof openTwin>;
type Config = ReturnType<typeof readConfig>;

function readConfig() {
  const { SWE_HOME, SWE_MODEL, NO_COLOR, PATH, LANG, LC_ALL } = loadConfig(localConfig, process.env);
  return {
    home: resolve(SWE_HOME ?? join(homedir(), '.swe')),
    models: SWE_MODEL,
    colour: process.stdout.isTTY && NO_COLOR === undefined,
    path: PATH,
    language: LC_ALL ?? LANG,
    requester: `local:${userInfo().username}`,
  };
}

/** Everything of the twin that outlives one session. */
function openTwin({ home, path }: Config) {
  const database = openSqliteStore(join(home, 'store.sqlite'));
  const env = { PATH: path, HOME: homedir() };
  const forge = openForge({ folder: join(home, 'forge'), env, clock: systemClock });
  return {
    store: new SqliteSessionStore(database),
    journal: new SqliteJournal(database),
    outbox: new SqliteOutbox(database),
    bus: new LoopbackBus(),
    forge,
    [Symbol.dispose]: () => {
      forge.close();
      database.close();
    },
  };
}

function modelOf(list: string | undefined): LanguageModel {
  const [id = ''] = (list ?? '').split(',').map((name) => name.trim());
  if (id === '') {
    throw new Fault(
      'invalid',
      'No model is set. Set SWE_MODEL (or --model) to <provider>/<model id>; rehearsal/fix-failing-test needs no account.',
    );
  }
  const [provider = '', ...name] = id.split('/');
  if (provider !== 'rehearsal') {
    throw new Fault('invalid', `The model ${id} is not known. Known providers: rehearsal.`);
  }
  return rehearsalModel(name.join('/'));
}

/** A workspace in `folder`, and a shell in it that knows nothing of the person's own environment. */
async function openShell({ path, language }: Config, folder: string, interrupts: Interrupts) {
  const home = join(folder, 'home');
  for (const part of [home, join(folder, 'workspace')]) await mkdir(part, { recursive: true });
  const workspace = await openFolderWorkspace(join(folder, 'workspace'));
  const processes = new HostProcesses({
    root: workspace.root,
    spoolDirectory: '.swe/output',
    environment: shellEnvironment({ path, home, workspaceRoot: workspace.root, language }),
  });
  const close = (): Promise<void> => processes.close();
  interrupts.beforeQuit(close);
  return { workspace, processes, [Symbol.asyncDispose]: close };
}

/** Serves one session from its first message to its outcome, in this process. */
async function work(
  config: Config,
  { store, journal, outbox, bus, forge }: Twin,
  model: LanguageModel,
  { message, issue }: ResolvedTask,
  observe: AgentObserver,
  interrupts: Interrupts,
): Promise<{ session: Session; outcome: Outcome | undefined }> {
  const origin = `terminal:${systemRandom.id()}`;
  const { sessionId } = await send({ kind: 'text', text: message });
  const folder = join(config.home, 'sessions', sessionId);
  await using shell = await openShell(config, folder, interrupts);
  const { workspace, processes } = shell;
  const repoHost = forge.host;
  const branch = sessionBranch(sessionId, issue?.number);
  const profile = {
    system: systemPrompt({ workspaceRoot: workspace.root, branch }),
    tools: toolbox({ workspace, processes, repoHost, branch, issue, ripgrepPath: rgPath }),
    limits: DEFAULT_TURN_LIMITS,
    readIssue: issueReader(repoHost, isForgeUrl),
  };
  const clock = systemClock;
  const logger = fileLogger(join(folder, 'log.jsonl'));
  const chat = new TerminalChat({ folder: join(config.home, 'threads'), clock, random: systemRandom });
  const ports = { store, journal, outbox, chat, bus, model, clock, logger, observe };

  const stop = (): void => {
    complain('\nStopping... (Ctrl-C again to quit at once)\n');
    void send({ kind: 'command', command: 'stop' });
  };
  interrupts.signal.addEventListener('abort', stop, { once: true });
  if (interrupts.signal.aborted) stop();
  const outcome = await runSession(ports, sessionId, `${hostname()}:${process.pid}`, profile);
  interrupts.signal.removeEventListener('abort', stop);
  return { session: await mustLoad(store, sessionId), outcome };

  function send(body: MessageBody): Promise<Receipt> {
    return receiveMessage(
      { store, bus, logger: fileLogger(join(config.home, 'log.jsonl')) },
      {
        messageKey: `${origin}/${systemRandom.id()}`,
        origin,
        requester: config.requester,
        addressed: true,
        body,
        receivedAtMs: systemClock.nowMs(),
      },
    );
  }
}

function isForgeUrl(url: string): boolean {
  return url.startsWith('forge://');
}

async function mustLoad(store: Twin['store'], sessionId: string): Promise<Session> {
  const session = await store.load(sessionId);
  if (session === undefined)
    throw new Fault('missing', `There is no session ${sessionId}. List them: swe sessions`);
  return session;
}

function observerFor(json: boolean, config: Config): AgentObserver {
  return json ? jsonLines(write) : transcript({ write, columns, colour: config.colour, clock: systemClock });
}

function hostsOf({ forge }: Twin): TaskHosts {
  return {
    repoHost: forge.host,
    serves: isForgeUrl,
    async bringIn(source) {
      const { repository, dirty } = await forge.mirrorRepository(source);
      if (dirty)
        complain(`swe: ${source} has changes that are not committed; the work starts without them.\n`);
      return repository;
    },
  };
}

async function run({ task, repo, model: modelId, json }: RunOptions): Promise<ExitCode> {
  const config = readConfig();
  const model = modelOf(modelId ?? config.models);
  using twin = openTwin(config);
  const { forge } = twin;
  const resolved = await resolveTask({ task, repo }, hostsOf(twin));
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const observe = observerFor(json, config);
  const { session, outcome } = await work(config, twin, model, resolved, observe, interrupts);
  const verdict = runVerdict(outcome, resolved.issue !== undefined, session.pullRequests);
  const exitCode = {
    done: EXIT_CODES.done,
    failed: EXIT_CODES.failed,
    'asks-back': EXIT_CODES.asksBack,
    stopped: EXIT_CODES.stopped,
  }[verdict.kind];
  const fetches = await Promise.all(
    session.pullRequests.map(async ({ repository, headBranch }) => {
      const { cloneUrl } = await forge.host.repository(repository);
      return `git fetch ${cloneUrl} ${headBranch}:${headBranch}`;
    }),
  );
  if (json) {
    const { id: sessionId, pullRequests } = session;
    write(
      `${JSON.stringify({ type: 'run.finished', sessionId, exitCode, verdict, pullRequests, fetches })}\n`,
    );
    return exitCode;
  }
  if (verdict.kind === 'failed') complain(`swe: ${verdict.reason}\n`);
  session.pullRequests.forEach(({ url }, i) =>
    write(`\nPull request: ${url}\nTo look at it: ${fetches[i]}\n`),
  );
  return exitCode;
}

async function demo({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const config = readConfig();
  const model = modelOf(config.models ?? `rehearsal/${REHEARSAL_SCRIPTS[0]}`);
  using twin = openTwin(config);
  const { forge, store, journal } = twin;
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  await using shell = await openShell(config, join(config.home, 'demos', systemRandom.id()), interrupts);
  const observe = observerFor(json, config);
  const say = json ? (): void => undefined : write;
  say(`Model: ${model.id}. Everything stays below ${config.home}.\n`);

  const verdict = await runDemo(
    {
      forge: {
        createRepository: async (name, files) =>
          forge.host.repository(await forge.createRepository(name, { files })),
        createIssue: ({ url }, issue) => forge.createIssue(url, { ...issue, author: 'demo-user' }),
      },
      repoHost: forge.host,
      store,
      journal,
      processes: shell.processes,
      random: systemRandom,
    },
    {
      async runTask(task) {
        const resolved = await resolveTask({ task }, hostsOf(twin));
        const { session, outcome } = await work(config, twin, model, resolved, observe, interrupts);
        return { sessionId: session.id, outcome };
      },
      onCheck: checkList(say, config.colour),
      signal: interrupts.signal,
    },
  );
  if (json) write(`${JSON.stringify({ type: 'demo.finished', ...verdict })}\n`);
  const culprit = verdict.checks.find((check) => !check.ok);
  if (interrupts.signal.aborted) return EXIT_CODES.stopped;
  if (culprit !== undefined) {
    complain(`swe: The ${culprit.step} step failed. ${culprit.detail}\n`);
    return EXIT_CODES.failed;
  }
  say(`\nPull request: ${verdict.pullRequestUrl}\n`);
  return EXIT_CODES.done;
}

async function sessions(): Promise<ExitCode> {
  using twin = openTwin(readConfig());
  const { items } = await twin.store.list({ limit: 100 });
  write(
    items.length === 0
      ? 'No sessions yet. Start one: swe run --repo . --task "..."\n'
      : `${sessionsTable(items, columns)}\n`,
  );
  return EXIT_CODES.done;
}

async function show(wanted: string): Promise<ExitCode> {
  const config = readConfig();
  using twin = openTwin(config);
  const session = await mustLoad(twin.store, await fullSessionId(twin, wanted));
  write(`${sessionHead(session, config.colour)}\n`);
  let atMs = session.createdAtMs;
  const observe = transcript({ write, columns, colour: config.colour, clock: { monotonicMs: () => atMs } });
  for await (const entry of twin.journal.read(session.id, 1)) {
    atMs = entry.atMs;
    eventsOf(entry).forEach(observe);
  }
  return EXIT_CODES.done;
}

async function fullSessionId(twin: Twin, beginning: string): Promise<string> {
  let after: string | undefined;
  const found: string[] = [];
  do {
    const page = await twin.store.list({ limit: 200, ...(after === undefined ? {} : { after }) });
    found.push(...page.items.map(({ id }) => id).filter((id) => id.startsWith(beginning)));
    after = page.next;
  } while (after !== undefined);
  if (found.length > 1)
    throw new Fault('invalid', `${beginning} is the beginning of ${found.length} sessions: say more of it.`);
  return found[0] ?? beginning;
}

const handlers: Handlers = { run, demo, sessions, show };
process.exitCode = await runCommandLine(process.argv.slice(2), handlers, { out: write, err: complain });
