import { rgPath } from '@vscode/ripgrep';
import { EXIT_CODES, showRunResult } from '@swe/adapter-local/terminal';
import type { ExitCode, RunOptions } from '@swe/adapter-local/terminal';
import { DEFAULT_SESSION_TIMING } from '@swe/application/agent';
import type { Models } from '@swe/application/agent';
import {
  findSession,
  GlimpseGiver,
  resolveTask,
  runVerdict,
  sendMessage,
  setWishes,
  submitTask,
  workOnTask,
} from '@swe/application/local';
import type { TaskHosts, Wishes, Work } from '@swe/application/local';
import { toNanoUsd } from '@swe/domain';
import type { AgentObserver } from '@swe/domain';
import { listenForInterrupts } from '@swe/runtime';
import type { Interrupts } from '@swe/runtime';
import { openModels, readSpending } from '@swe/wiring/models';
import { mustBeAgent } from '@swe/wiring/organisation';
import type { Twin } from '../open-twin';
import { openView } from '../open-view';
import type { View } from '../open-view';
import { openGithubIfSet } from '../open-github';
import { openSlackIfSet } from '../open-slack';
import type { ServedSlack } from '../open-slack';
import { LEASE, openLog, openTwin, processName, requester, sessionMachines } from '../program';
import type { Config, Program } from '../program';

export async function run(program: Program, options: RunOptions): Promise<ExitCode> {
  if (options.detach) return submit(program, options);
  const { model, json } = options;
  const config = program.readConfig();
  const wishes = await wishesOf(options, config);
  const models = await openModels(model ?? config.models, config.modelAccess);
  const slack = await openSlackIfSet(config.slack, {
    clock: program.clock,
    openLogger: () => openLog(config),
  });
  const github = await openGithubIfSet(config.github, program.clock);
  using twin = openTwin(program, config, { slack, github });
  const work = await workOf(program, options, twin);
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  using view = await openView(program, config, json, interrupts);
  const { session, outcome } = await begun(
    serve(program, config, { twin, models, view, interrupts, slack }, work, wishes),
  );
  const pullRequests = await Promise.all(
    session.pullRequests.map(async (request) => {
      const { cloneUrl } = await twin.repoHost.repository(request.repository);
      return { ...request, cloneUrl };
    }),
  );
  const verdict = runVerdict(outcome, session.issue !== undefined, pullRequests);
  return showRunResult({ sessionId: session.id, verdict, pullRequests }, json, program);
}

/** Throws `invalid` for an agent that there is not. */
async function wishesOf({ budget, agent }: RunOptions, { organisation }: Config): Promise<Wishes> {
  if (agent !== undefined) await mustBeAgent(organisation, agent);
  return { capNanoUsd: budget === undefined ? undefined : toNanoUsd(budget), agent };
}

/** What a session is served with at a terminal. */
export interface Desk {
  readonly twin: Twin;
  readonly models: Models;
  readonly view: View;
  readonly interrupts: Interrupts;
  /** The workspace whose sessions may be gone on with here. */
  readonly slack?: ServedSlack | undefined;
}

/** Works on a session in this process. */
export async function serve(
  program: Program,
  config: Config,
  { twin, models, view, interrupts, slack }: Desk,
  work: Work,
  wishes: Wishes = {},
) {
  const { clock, random, err, pid } = program;
  const { signal } = interrupts;
  signal.addEventListener('abort', () => err('Stopping... (Ctrl-C again to quit at once)\n'), {
    once: true,
  });
  const logger = openLog(config);
  await using giver = new GlimpseGiver({ ...twin, clock });
  const observe: AgentObserver = (event) => {
    view.observe(event);
    giver.observe(event);
  };
  const openMachine = sessionMachines(program, config, twin, interrupts);
  return await workOnTask({ ...twin, ...models, clock, random, logger, observe }, work, {
    requester: requester(program),
    wishes,
    spending: await readSpending(config.modelAccess, config),
    holder: processName(program),
    ripgrepPath: rgPath,
    ...(slack && { plainWords: slack.plainWords, linksPullRequests: isOfSlack(work) }),
    adopt: (sessionId, generation) => twin.compute.adopt(sessionId, generation, pid),
    openMachine: async (...session) => giver.watch(await openMachine(...session)),
    timing: { ...DEFAULT_SESSION_TIMING, ...LEASE },
    signal,
    onUnheard: (error) => err(`swe: That could not be stored (${String(error)}). Ctrl-C twice quits.\n`),
    ...(view.listen && { listen: view.listen }),
  });
}

/** Whose answer is read in Slack, beside here. */
const isOfSlack = (work: Work): boolean => 'session' in work && work.session.origin.startsWith('slack:');

export function hostsOf({ err }: Program, { forge, repoHost, serves }: Twin): TaskHosts {
  return {
    repoHost,
    serves,
    async bringIn(source) {
      const { repository, dirty } = await forge.mirrorRepository(source);
      if (dirty) err(`swe: ${source} has changes that are not committed; the work starts without them.\n`);
      return repository;
    },
  };
}

async function workOf(program: Program, { task, repo, resume }: RunOptions, twin: Twin): Promise<Work> {
  return resume === undefined
    ? { task: await resolveTask({ task: task ?? '', repo }, hostsOf(program, twin)) }
    : { session: await findSession(twin.store, resume), message: task };
}

/** Stores the work for whoever serves sessions here. */
async function submit(program: Program, options: RunOptions): Promise<ExitCode> {
  const { clock, random, out } = program;
  const config = program.readConfig();
  const wishes = await wishesOf(options, config);
  using twin = openTwin(program, config);
  const work = await workOf(program, options, twin);
  const ports = { ...twin, clock, random, logger: openLog(config) };
  const who = requester(program);
  const session = 'task' in work ? await submitTask(ports, work.task, who, wishes) : work.session;
  if ('session' in work) {
    if (work.message !== undefined) {
      await sendMessage(ports, session.origin, who, { kind: 'text', text: work.message });
    }
    await setWishes(ports, session, who, wishes);
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
