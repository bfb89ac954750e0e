import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { workerMark } from '@swe/adapter-local/process-compute';
import {
  billOf,
  checkList,
  EXIT_CODES,
  eventsOf,
  jsonLines,
  logLines,
  LiveView,
  runCommandLine,
  Screen,
  sessionHead,
  sessionsTable,
  showRunResult,
  transcript,
  typedLines,
} from '@swe/adapter-local/terminal';
import type { ExitCode, RunOptions, WorkOptions } from '@swe/adapter-local/terminal';
import { DEFAULT_SESSION_TIMING, DEFAULT_WORKER_TIMING } from '@swe/application/agent';
import {
  examine,
  findSession,
  resolveTask,
  runDemo,
  runVerdict,
  sendMessage,
  serveSession,
  submitTask,
  workOnTask,
} from '@swe/application/local';
import type { TaskHosts, TaskRun, Work } from '@swe/application/local';
import { DEFAULT_MANAGER_TIMING, sweep } from '@swe/application/worker-manager';
import { localConfig } from '@swe/config/local';
import type { AgentObserver } from '@swe/domain';
import { alsoTo, fileLogger, listenForInterrupts, loadConfig, systemClock, systemRandom } from '@swe/runtime';
import type { Interrupts } from '@swe/runtime';
import { doctorProbes } from './doctor-probes';
import { openMachine } from './open-machine';
import { openModels, readCosts, REHEARSAL } from './open-models';
import type { Models } from './open-models';
import { openTwinAt, repositoriesOf } from './open-twin';
import type { Twin } from './open-twin';
import { settingsOf } from './settings';

/** A process on the same machine costs nothing to look at, and is up in a second. */
const SWEEP_MS = 1_000;
const BOOT_MS = 60_000;
/** A dead worker is found when its lease has passed. */
const LEASE = { leaseTtlMs: 10_000, heartbeatMs: 3_000 };

const clock = systemClock;
const random = systemRandom;
const { stdin, stdout, stderr } = process;
const screen = new Screen(stdout);
const columns = (): number => screen.columns;
const out = (text: string): void => screen.write(text);
// On the same terminal, what is drawn there must make room for it.
const err = (text: string): void =>
  stdout.isTTY && stderr.isTTY ? screen.writeLine(text) : void stderr.write(text);
// A reader that went away (`swe run | head`) must not end work that goes on without it.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined);

type Config = ReturnType<typeof readConfig>;
type View = Awaited<ReturnType<typeof openView>>;

function readConfig() {
  const { wantsColour, movesCursor, ...settings } = settingsOf(loadConfig(localConfig, process.env));
  return { ...settings, colour: stdout.isTTY && wantsColour, draws: stdout.isTTY && movesCursor };
}

/** A container's user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

const requester = (): string => `local:${userName()}`;

/** The twin of this configuration; its workers are asked for `model`, if it is given. */
function openTwin(config: Pick<Config, 'home' | 'path' | 'gitAccess'>, model?: string): Twin {
  return openTwinAt({
    ...config,
    worker: { program: SWE, environment: ownEnvironment(model) },
    clock,
    random,
  });
}

/** How this program was started. */
const SWE = [process.execPath, ...process.execArgv, process.argv[1] ?? ''] as const;

/** A worker is this program again, and reads the same settings. */
function ownEnvironment(model: string | undefined): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(own), ...(model !== undefined && { SWE_MODEL: model }) };
}

/** No other process has this name, now or later. */
const processName = (): string => `${hostname()}:${process.pid}:${random.id().slice(0, 8)}`;

/** `onBare` is told why, when a machine comes without a sandbox. */
function machineOptions(
  { home, path, language, modelAccess: { anthropic, openai } }: Config,
  onBare: (reason: string) => void,
) {
  const secrets = [anthropic.apiKey, openai.apiKey].flatMap((key) => key ?? []);
  return { home, path, language, repositories: repositoriesOf(home), secrets, onBare };
}

/** Where a session works. */
function sessionMachines(config: Config, interrupts: Interrupts) {
  return (sessionId: string, generation: number) => {
    const mark = workerMark(sessionId, generation);
    const folder = join(config.home, 'sessions', sessionId);
    return openMachine({ ...machineOptions(config, warnOfBareMachine), mark }, folder, interrupts);
  };
}

function warnOfBareMachine(reason: string): void {
  err(`swe: No sandbox (${reason}): the agent's commands can do what you can. See swe doctor.\n`);
}

const isForgeUrl = (url: string): boolean => url.startsWith('forge://');

function hostsOf({ forge, repoHost }: Twin): TaskHosts {
  return {
    repoHost,
    serves: isForgeUrl,
    async bringIn(source) {
      const { repository, dirty } = await forge.mirrorRepository(source);
      if (dirty) err(`swe: ${source} has changes that are not committed; the work starts without them.\n`);
      return repository;
    },
  };
}

/** Where a person, or a script, watches the work and speaks to it. */
async function openView({ colour, draws, modelAccess }: Config, json: boolean, interrupts: Interrupts) {
  const live =
    draws && !json
      ? new LiveView({
          screen,
          input: stdin,
          clock,
          colour,
          interrupt: () => process.kill(process.pid, 'SIGINT'),
        })
      : undefined;
  const close = (): void => live?.[Symbol.dispose]();
  interrupts.beforeQuit(async () => close());
  const costOf = await readCosts(modelAccess);
  const print = json ? jsonLines(out) : transcript({ write: out, columns, colour, clock, costOf });
  const observe: AgentObserver = (event) => {
    print(event);
    live?.observe(event);
  };
  const listen: TaskRun['listen'] = live?.listen ?? ((listener) => typedLines(stdin, listener));
  return { observe, ...(stdin.isTTY && { listen }), [Symbol.dispose]: close };
}

function serve(config: Config, twin: Twin, models: Models, work: Work, view: View, interrupts: Interrupts) {
  const { signal } = interrupts;
  signal.addEventListener('abort', () => err('Stopping... (Ctrl-C again to quit at once)\n'), {
    once: true,
  });
  const logger = fileLogger(join(config.home, 'log.jsonl'));
  return workOnTask({ ...twin, ...models, clock, random, logger, observe: view.observe }, work, {
    requester: requester(),
    holder: processName(),
    ripgrepPath: rgPath,
    serves: isForgeUrl,
    adopt: (sessionId, generation) => twin.compute.adopt(sessionId, generation, process.pid),
    openMachine: sessionMachines(config, interrupts),
    timing: { ...DEFAULT_SESSION_TIMING, ...LEASE },
    signal,
    onUnheard: (error) => err(`swe: That could not be stored (${String(error)}). Ctrl-C twice quits.\n`),
    ...(view.listen && { listen: view.listen }),
  });
}

async function run(options: RunOptions): Promise<ExitCode> {
  if (options.detach) return submit(options);
  const { model, json } = options;
  const config = readConfig();
  const models = await openModels(model ?? config.models, config.modelAccess);
  using twin = openTwin(config);
  const work = await workOf(options, twin);
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  using view = await openView(config, json, interrupts);
  const { session, outcome } = await begun(serve(config, twin, models, work, view, interrupts));
  const pullRequests = await Promise.all(
    session.pullRequests.map(async (request) => {
      const { cloneUrl } = await twin.repoHost.repository(request.repository);
      return { ...request, cloneUrl };
    }),
  );
  const verdict = runVerdict(outcome, session.issue !== undefined, pullRequests);
  return showRunResult({ sessionId: session.id, verdict, pullRequests }, json, { out, err });
}

async function workOf({ task, repo, resume }: RunOptions, twin: Twin): Promise<Work> {
  return resume === undefined
    ? { task: await resolveTask({ task: task ?? '', repo }, hostsOf(twin)) }
    : { session: await findSession(twin.store, resume), message: task };
}

/** Stores the work for whoever serves sessions here. */
async function submit(options: RunOptions): Promise<ExitCode> {
  const config = readConfig();
  using twin = openTwin(config);
  const work = await workOf(options, twin);
  const ports = { ...twin, clock, random, logger: fileLogger(join(config.home, 'log.jsonl')) };
  const session = 'task' in work ? await submitTask(ports, work.task, requester()) : work.session;
  if ('session' in work && work.message !== undefined) {
    await sendMessage(ports, session.origin, requester(), { kind: 'text', text: work.message });
  }
  const event = { type: 'run.submitted', sessionId: session.id };
  out(options.json ? `${JSON.stringify(event)}\n` : `${session.id} is left to swe up.\n`);
  return EXIT_CODES.done;
}

/** What fails once the work has begun is no bad input any more. */
function begun<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw new Error(Error.isError(cause) ? cause.message : String(cause), { cause });
  });
}

async function demo({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const config = readConfig();
  const models = await openModels(config.models ?? REHEARSAL, config.modelAccess);
  using twin = openTwin(config);
  const { forge, repoHost } = twin;
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const folder = join(config.home, 'demos', random.id());
  await using machine = await openMachine(
    machineOptions(config, () => undefined),
    folder,
    interrupts,
  );
  using view = await openView(config, json, interrupts);
  const say = json ? (): void => undefined : out;
  say(`Model: ${models.models.map(({ id }) => id).join(', ')}. Everything stays below ${config.home}.\n`);

  const showCheck = checkList({ write: say, columns, colour: config.colour });
  const verdict = await runDemo(
    {
      ...twin,
      forge: {
        createRepository: async (name, files) =>
          repoHost.repository(await forge.createRepository(name, { files })),
        createIssue: ({ url }, issue) => forge.createIssue(url, { ...issue, author: 'demo-user' }),
      },
      processes: machine.processes,
      random,
    },
    {
      async runTask(task) {
        const resolved = { task: await resolveTask({ task }, hostsOf(twin)) };
        const { session, outcome } = await serve(config, twin, models, resolved, view, interrupts);
        return { sessionId: session.id, outcome };
      },
      onCheck: (check) => (interrupts.signal.aborted ? undefined : showCheck(check)),
      signal: interrupts.signal,
    },
  );
  if (json) out(`${JSON.stringify({ type: 'demo.finished', ...verdict })}\n`);
  const culprit = verdict.checks.find((check) => !check.ok);
  if (interrupts.signal.aborted) return EXIT_CODES.stopped;
  if (culprit !== undefined) {
    err(`swe: The ${culprit.step} step failed. ${culprit.detail}\n`);
    return EXIT_CODES.failed;
  }
  say(`\nPull request: ${verdict.pullRequestUrl}\n`);
  return EXIT_CODES.done;
}

async function up({ model }: { readonly model?: string }): Promise<ExitCode> {
  const config = readConfig();
  const models = await openModels(model ?? config.models, config.modelAccess);
  using twin = openTwin(config, model);
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const file = fileLogger(join(config.home, 'log.jsonl'));
  const ports = { ...twin, clock, random, logger: alsoTo(file, logLines({ write: out, clock })) };
  const manager = { name: processName(), timing: { ...DEFAULT_MANAGER_TIMING, bootMs: BOOT_MS } };
  out(
    `Serving the sessions below ${config.home} with ${models.models.map(({ id }) => id).join(', ')}. Ctrl-C ends.\n`,
  );
  while (!interrupts.signal.aborted) {
    await sweep(ports, manager);
    await clock.sleep(SWEEP_MS, interrupts.signal);
  }
  const stopped = await twin.compute.stopStarted();
  out(`${stopped} worker(s) stopped. What they were doing goes on at the next swe up.\n`);
  return EXIT_CODES.done;
}

async function stop(wanted: string): Promise<ExitCode> {
  const config = readConfig();
  using twin = openTwin(config);
  const { id, origin } = await findSession(twin.store, wanted);
  const ports = { ...twin, clock, random, logger: fileLogger(join(config.home, 'log.jsonl')) };
  await sendMessage(ports, origin, requester(), { kind: 'command', command: 'stop' });
  out(`${id} is told to stop.\n`);
  return EXIT_CODES.done;
}

async function work(sessionId: string, { generation }: WorkOptions): Promise<ExitCode> {
  const config = readConfig();
  const models = await openModels(config.models, config.modelAccess);
  using twin = openTwin(config);
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const costOf = await readCosts(config.modelAccess);
  const observe = transcript({ write: out, columns, colour: false, clock, costOf });
  const logger = fileLogger(join(config.home, 'log.jsonl'));
  await serveSession(
    { ...twin, ...models, clock, random, logger, observe },
    { sessionId, holder: processName(), generation },
    {
      ripgrepPath: rgPath,
      serves: isForgeUrl,
      openMachine: sessionMachines(config, interrupts),
      timing: { ...DEFAULT_WORKER_TIMING, ...LEASE },
      signal: interrupts.signal,
    },
  );
  return EXIT_CODES.done;
}

async function sessions(): Promise<ExitCode> {
  using twin = openTwin(readConfig());
  const { items } = await twin.store.list({ limit: 100 });
  out(
    items.length === 0
      ? 'No sessions yet. Start one: swe run --repo . --task "..."\n'
      : `${sessionsTable(items, columns())}\n`,
  );
  return EXIT_CODES.done;
}

async function doctor({ model }: { readonly model?: string }): Promise<ExitCode> {
  const config = readConfig();
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const scratch = await mkdtemp(join(tmpdir(), 'swe-doctor-'));
  let noSandbox = '';
  const machine = await openMachine(
    machineOptions(config, (reason) => (noSandbox = reason)),
    scratch,
    interrupts,
  );
  const probes = doctorProbes({
    openFolder() {
      // Writes its databases.
      using twin = openTwin(config);
      twin.check();
      return config.home;
    },
    async run(argv, signal) {
      const spec = { command: { argv }, cwd: '.', timeoutMs: 10_000, previewBytes: 1_000 };
      return (await machine.processes.run(spec, signal)).output.head.split('\n')[0] ?? '';
    },
    ripgrepPath: rgPath,
    openModels: async () => (await openModels(model ?? config.models, config.modelAccess)).models,
  });
  const show = checkList({ write: out, columns, colour: config.colour });
  const well = await examine(probes, clock, show);
  if (machine.sandbox === undefined) out(bareNote(noSandbox));
  else show({ step: 'sandbox', ok: true, detail: machine.sandbox });
  await machine[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true });
  return well ? EXIT_CODES.done : EXIT_CODES.failed;
}

/** What does not hold without a sandbox, and how to get one. */
function bareNote(reason: string): string {
  return [
    `note sandbox       None (${reason}). The agent's commands run as you: they can read your files, keys and the`,
    "                   twin's own folder, read the environment of your processes, write wherever you can, and",
    '                   change branches in the forge that are not theirs. What a command left running is ended only',
    '                   as far as it can be found. On Linux: install bubblewrap (apt-get install bubblewrap) and',
    '                   allow it user namespaces. On other systems: run the twin in a virtual machine.',
    '',
  ].join('\n');
}

async function show(wanted: string): Promise<ExitCode> {
  const { colour, modelAccess, ...config } = readConfig();
  using twin = openTwin(config);
  const session = await findSession(twin.store, wanted);
  const costOf = await readCosts(modelAccess);
  const journal = await Array.fromAsync(twin.journal.read(session.id, 1));
  out(`${sessionHead(session, colour, billOf(journal, costOf).total)}\n`);
  let atMs = session.createdAtMs;
  const observe = transcript({ write: out, columns, colour, clock: { monotonicMs: () => atMs }, costOf });
  for (const entry of journal) {
    ({ atMs } = entry);
    eventsOf(entry).forEach(observe);
  }
  return EXIT_CODES.done;
}

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  { run, demo, up, stop, work, sessions, doctor, show },
  { out, err },
);
