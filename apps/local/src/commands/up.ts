import { rgPath } from '@vscode/ripgrep';
import { EXIT_CODES, logLines, transcript } from '@swe/adapter-local/terminal';
import type { ExitCode, UpOptions, WorkOptions } from '@swe/adapter-local/terminal';
import { DEFAULT_WORKER_TIMING, serveSession } from '@swe/application/agent';
import { GlimpseGiver } from '@swe/application/local';
import { DEFAULT_MANAGER_TIMING, sweep } from '@swe/application/worker-manager';
import type { AgentObserver } from '@swe/domain';
import { alsoTo, listenForInterrupts } from '@swe/runtime';
import { openModels, readCosts, readSpending, REHEARSAL } from '@swe/wiring/models';
import { openApi } from '../open-api';
import { openConsole } from '../open-console';
import { openGithubIfSet } from '../open-github';
import { openSlackIfSet } from '../open-slack';
import { LEASE, openLog, openTwin, processName, sessionMachines, toolServersOf } from '../program';
import type { Program } from '../program';
import { openGithubServer } from '../serve-github';
import { serveHttp } from '../serve-http';
import { openSlackServer } from '../serve-slack';

/** A process on the same machine costs nothing to look at, and is up in a second. */
const SWEEP_MS = 1_000;
const BOOT_MS = 60_000;

export async function up(program: Program, { model, budget, rehearse }: UpOptions): Promise<ExitCode> {
  const { clock, random, out } = program;
  const read = program.readConfig();
  const config = {
    ...read,
    models: model ?? read.models ?? (rehearse ? REHEARSAL : undefined),
    budgetUsd: budget ?? read.budgetUsd,
  };
  const { models } = await openModels(config.models, config.modelAccess);
  // Its workers read it: what is wrong with it is told here, once.
  await toolServersOf(program, config);
  const logger = alsoTo(openLog(config), logLines({ write: out, clock }));
  const slackServer = await openSlackServer(program, config);
  const slack = await openSlackIfSet(config.slack, { clock, openLogger: () => logger });
  const github = await openGithubIfSet(config.github, clock);
  using twin = openTwin(program, config, { model: config.models, budget, slack, github });
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const githubServer = await openGithubServer(github, config, { twin, clock, logger });
  const ports = { ...twin, clock, random, logger, ...(githubServer && { missed: githubServer.missed }) };
  const manager = { name: processName(program), timing: { ...DEFAULT_MANAGER_TIMING, bootMs: BOOT_MS } };
  const names = models.map(({ id }) => id).join(', ');
  out(`Serving the sessions below ${config.home} with ${names}. Ctrl-C ends.\n`);
  async function keepSweeping(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sweep(ports, manager);
      await clock.sleep(SWEEP_MS, signal);
    }
  }
  const served = { twin, logger };
  const posts = { ...(await slackServer?.posts(served)), ...githubServer?.posts };
  await allUntilOneFails(interrupts.signal, [
    keepSweeping,
    await serveHttp(program, config, {
      posts,
      below: (ending) => openApi(program, config, served, ending),
      page: await openConsole(program, config, { ...twin, logger }),
      logger,
    }),
    async (signal) => slackServer?.listen(served, signal),
  ]);
  const stopped = await twin.compute.stopStarted();
  out(
    stopped === 0
      ? 'Ended.\n'
      : `Ended, and ${stopped} worker(s) with it. Their work goes on at the next start.\n`,
  );
  return EXIT_CODES.done;
}

/** Where one fails the others are told to end, and waited for, before its error is thrown. */
async function allUntilOneFails(
  signal: AbortSignal,
  works: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const results = await Promise.allSettled(
    works.map((work) =>
      work(either).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** What `up` starts for a session. */
export async function work(
  program: Program,
  sessionId: string,
  { generation }: WorkOptions,
): Promise<ExitCode> {
  const { clock, random, out, columns } = program;
  const config = program.readConfig();
  const models = await openModels(config.models, config.modelAccess);
  const logger = openLog(config);
  const slack = await openSlackIfSet(config.slack, { clock, openLogger: () => logger });
  const github = await openGithubIfSet(config.github, program.clock);
  using twin = openTwin(program, config, { slack, github });
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const costOf = await readCosts(config.modelAccess);
  const print = transcript({ write: out, columns, colour: false, clock, costOf });
  await using giver = new GlimpseGiver({ ...twin, clock });
  const observe: AgentObserver = (event) => {
    print(event);
    giver.observe(event);
  };
  const openMachine = sessionMachines(program, config, twin, interrupts);
  await serveSession(
    { ...twin, ...models, clock, random, logger, observe },
    { sessionId, holder: processName(program), generation },
    {
      ripgrepPath: rgPath,
      ...(slack && { plainWords: slack.plainWords, linksPullRequests: true }),
      costOf,
      spending: await readSpending(config.modelAccess, config),
      openMachine: async (...session) => giver.watch(await openMachine(...session)),
      timing: { ...DEFAULT_WORKER_TIMING, ...LEASE },
      signal: interrupts.signal,
    },
  );
  return EXIT_CODES.done;
}
