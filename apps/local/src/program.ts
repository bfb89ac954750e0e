import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ReadStream } from 'node:tty';
import { workerMark } from '@swe/adapter-local/process-compute';
import { FolderSecrets } from '@swe/adapter-local/secrets';
import type { Screen } from '@swe/adapter-local/terminal';
import type { deploymentConfig } from '@swe/config/deployment';
import type { Clock, Logger, Random } from '@swe/domain';
import { fileLogger } from '@swe/runtime';
import type { Interrupts } from '@swe/runtime';
import { openMachine } from '@swe/wiring/machine';
import { readToolServers } from '@swe/wiring/tool-servers';
import type { ToolServers } from '@swe/wiring/tool-servers';
import { twinHome } from '@swe/wiring/twin-home';
import type { Github } from '@swe/wiring/github';
import type { z } from 'zod';
import type { ServedSlack } from './open-slack';
import { openTwinAt } from './open-twin';
import type { Twin } from './open-twin';
import type { Settings } from './settings';

/** What the environment and the terminal say. */
export interface Config extends Omit<Settings, 'wantsColour' | 'movesCursor'> {
  readonly colour: boolean;
  /** Whether the terminal is one to draw on. */
  readonly draws: boolean;
}

/** This process, as the commands see it: they read and write nothing of it but through here. */
export interface Program {
  readonly pid: number;
  /** Undefined where users have no numbers. */
  readonly uid: number | undefined;
  /** How it was started: the program, then its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** Where the console lies once it is built. */
  readonly consoleFolder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly screen: Screen;
  readonly input: ReadStream;
  /** Whether what it puts out is read by somebody at a terminal. */
  readonly isTerminal: boolean;
  readConfig(): Config;
  /** What the environment says of a deployment on AWS: other variables than the twin's may be set for that. */
  readDeployment(): z.infer<typeof deploymentConfig>;
  out(text: string): void;
  err(text: string): void;
  columns(): number;
  interrupt(): void;
}

/** A dead worker is found when its lease has passed. */
export const LEASE = { leaseTtlMs: 10_000, heartbeatMs: 3_000 };

export interface TwinChoice {
  /** What its workers are asked for. */
  readonly model?: string | undefined;
  /** What its workers let a session spend. */
  readonly budget?: number | undefined;
  readonly slack?: ServedSlack | undefined;
  readonly github?: Github | undefined;
}

/** The twin of this configuration; its workers are this program again. */
export function openTwin(
  { argv, environment, clock, random }: Program,
  config: Pick<Config, 'home' | 'path' | 'gitAccess'>,
  { model, budget, slack, github }: TwinChoice = {},
): Twin {
  const own = {
    ...environment,
    ...(model !== undefined && { SWE_MODEL: model }),
    ...(budget !== undefined && { SWE_BUDGET_USD: String(budget) }),
  };
  const { home, path, gitAccess } = config;
  const worker = { program: argv, environment: own };
  // A log is begun by whoever has something to say.
  const logger = {
    warn: (...line: Parameters<Logger['warn']>) => openLog(config).warn(...line),
    error: (...line: Parameters<Logger['error']>) => openLog(config).error(...line),
  };
  return openTwinAt({ home, path, gitAccess, worker, slack, github, logger, clock, random });
}

export const openLog = ({ home }: Pick<Config, 'home'>): Logger => fileLogger(join(home, 'log.jsonl'));

/** Who sits at the terminal. A container's user may have a number and no name. */
export function requester({ uid }: Program): string {
  try {
    return `local:${userInfo().username}`;
  } catch {
    return `local:uid-${uid ?? 'unknown'}`;
  }
}

/** No other process has this name, now or later. */
export const processName = ({ pid, random }: Program): string =>
  `${hostname()}:${pid}:${random.id().slice(0, 8)}`;

/** `onBare` is told why, when a machine comes without a sandbox. */
export function machineOptions(
  { home, path, language, secrets, organisation }: Config,
  onBare: (reason: string) => void,
) {
  const repositories = [twinHome(home).repositories];
  return { hidden: home, path, language, repositories, secrets, organisation, onBare };
}

/** The configured tool servers. Whoever looks for secrets where they must not be is told of theirs by `known`. */
export async function toolServersOf(
  { clock }: Program,
  { home, toolServersFile }: Config,
  known: Set<string> = new Set(),
): Promise<ToolServers> {
  const secrets = new FolderSecrets(twinHome(home).secrets);
  return {
    servers: await readToolServers(toolServersFile, home),
    async readSecret(name) {
      const value = await secrets.read(name);
      known.add(value);
      return value;
    },
    clock,
  };
}

/** Where a session works. */
export function sessionMachines(
  program: Program,
  config: Config,
  { git, repoHost }: Pick<Twin, 'git' | 'repoHost'>,
  interrupts: Interrupts,
) {
  const warn = (reason: string): void =>
    program.err(`swe: No sandbox (${reason}): the agent's commands can do what you can. See swe doctor.\n`);
  return async (sessionId: string, generation: number) => {
    const secrets = new Set(config.secrets);
    const toolServers = await toolServersOf(program, config, secrets);
    const mark = workerMark(sessionId, generation);
    const folder = join(config.home, 'sessions', sessionId);
    const hosts = git && { ...git, sessionId, repoHost, logger: openLog(config) };
    const options = { ...machineOptions(config, warn), mark, git: hosts, secrets, toolServers };
    return openMachine(options, folder, interrupts);
  };
}
