import { rgPath } from '@vscode/ripgrep';
import { EXIT_CODES, logLines, transcript } from '@swe/adapter-local/terminal';
import type { ExitCode, WorkOptions } from '@swe/adapter-local/terminal';
import { DEFAULT_WORKER_TIMING, serveSession } from '@swe/application/agent';
import { DEFAULT_MANAGER_TIMING, sweep } from '@swe/application/worker-manager';
import { alsoTo, listenForInterrupts } from '@swe/runtime';
import { openModels, readCosts } from '@swe/wiring/models';
import { isForgeUrl } from '@swe/wiring/twin-home';
import { LEASE, openLog, openTwin, processName, sessionMachines } from '../program';
import type { Program } from '../program';

/** A process on the same machine costs nothing to look at, and is up in a second. */
const SWEEP_MS = 1_000;
const BOOT_MS = 60_000;

export async function up(program: Program, { model }: { readonly model?: string }): Promise<ExitCode> {
  const { clock, random, out } = program;
  const config = program.readConfig();
  const { models } = await openModels(model ?? config.models, config.modelAccess);
  using twin = openTwin(program, config, model);
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const logger = alsoTo(openLog(config), logLines({ write: out, clock }));
  const ports = { ...twin, clock, random, logger };
  const manager = { name: processName(program), timing: { ...DEFAULT_MANAGER_TIMING, bootMs: BOOT_MS } };
  const names = models.map(({ id }) => id).join(', ');
  out(`Serving the sessions below ${config.home} with ${names}. Ctrl-C ends.\n`);
  while (!interrupts.signal.aborted) {
    await sweep(ports, manager);
    await clock.sleep(SWEEP_MS, interrupts.signal);
  }
  const stopped = await twin.compute.stopStarted();
  out(`${stopped} worker(s) stopped. What they were doing goes on at the next swe up.\n`);
  return EXIT_CODES.done;
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
  using twin = openTwin(program, config);
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const costOf = await readCosts(config.modelAccess);
  const observe = transcript({ write: out, columns, colour: false, clock, costOf });
  await serveSession(
    { ...twin, ...models, clock, random, logger: openLog(config), observe },
    { sessionId, holder: processName(program), generation },
    {
      ripgrepPath: rgPath,
      serves: isForgeUrl,
      openMachine: sessionMachines(program, config, interrupts),
      timing: { ...DEFAULT_WORKER_TIMING, ...LEASE },
      signal: interrupts.signal,
    },
  );
  return EXIT_CODES.done;
}
