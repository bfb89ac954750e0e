import { readFile } from 'node:fs/promises';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { COST_KEYS, Fault, isFault } from '@swe/domain';
import type { CostKey } from '@swe/domain';
import { EXIT_CODES } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { addKeyCommands } from './key-commands';
import type { KeyHandlers } from './key-commands';
import { printable } from './printable';

export interface RunOptions {
  /** Absent only with `resume`. */
  readonly task?: string;
  /** A path, a clone URL or a `forge://` URL. May be absent when the task names its repository. */
  readonly repo?: string;
  /** A session to go on with; the task, if any, is a further message to it. */
  readonly resume?: string;
  readonly model?: string;
  /** Of the organisation's, by its name; `default` for the one that all have. */
  readonly agent?: string;
  /** What the session may spend, in US dollars. */
  readonly budget?: number;
  /** Leaves the work to `swe up`. */
  readonly detach: boolean;
  readonly json: boolean;
}

/** What a manager gives its sessions where they have nothing of their own. */
export interface UpOptions {
  readonly model?: string;
  readonly budget?: number;
  /** The rehearsal stands in where no model is set. */
  readonly rehearse?: boolean;
}

/** What costs are wanted, and how they are told apart. */
export interface CostOptions {
  readonly by: CostKey;
  /** `yyyy-mm`, in UTC; of all time where there is none. */
  readonly month?: string;
}

export interface ExportOptions {
  /** The file to write; by the session's id where there is none. */
  readonly out?: string;
}

export interface ReplayOptions {
  /** Takes what the session does now for what it is to do, and writes it into the cassettes. */
  readonly accept: boolean;
}

export interface DoctorOptions {
  readonly model?: string;
  /** Whether a deployment on AWS is meant, instead of the twin. */
  readonly aws: boolean;
}

/** What a manager starts a worker with. */
export interface WorkOptions {
  readonly generation: number;
}

export interface Handlers extends KeyHandlers {
  run(options: RunOptions): Promise<ExitCode>;
  demo(options: { readonly json: boolean }): Promise<ExitCode>;
  sessions(): Promise<ExitCode>;
  up(options: UpOptions): Promise<ExitCode>;
  stop(sessionId: string): Promise<ExitCode>;
  work(sessionId: string, options: WorkOptions): Promise<ExitCode>;
  doctor(options: DoctorOptions): Promise<ExitCode>;
  setup(): Promise<ExitCode>;
  show(sessionId: string): Promise<ExitCode>;
  export(sessionId: string, options: ExportOptions): Promise<ExitCode>;
  replay(cassettes: readonly string[], options: ReplayOptions): Promise<ExitCode>;
  cost(sessionId: string | undefined, options: CostOptions): Promise<ExitCode>;
}

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Reads a command line (without the program's own name) and runs its handler. Wrong usage and a handler's
 * `Fault('invalid' | 'missing' | 'denied')` are one line that says what to do, and `badInput`.
 */
export async function runCommandLine(
  args: readonly string[],
  handlers: Handlers,
  { out, err }: Output,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.done;
  const program = new Command('swe')
    .description('A software engineering agent on this machine: give it a task, get a pull request.')
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: err,
      outputError: (message) => err(`swe: ${withoutPrefix(message)}`),
    })
    .showHelpAfterError(false);

  program
    .command('run')
    .description('work on a task until it is done')
    .option('--repo <path|url>', 'repository to work in; not needed when the task is an issue URL')
    .option('--task <text|issue URL|@file>', 'what to do')
    .option('--resume <session>', 'go on with a session; the task is a further message to it')
    .option('--model <id>', 'model to use instead of SWE_MODEL, as <provider>/<model id>')
    .option('--agent <name>', 'agent of the organisation to work as')
    .option('--budget <US dollars>', 'what the session may spend on models', usd)
    .option('--detach', 'leave the work to swe up, and say which session it is', false)
    .option('--json', 'print one JSON event per line', false)
    .action(async ({ task, ...rest }: RunOptions) => {
      if (task === undefined && rest.resume === undefined) {
        throw new Fault('invalid', 'Say what to do: --task <text|issue URL|@file>, or --resume <session>.');
      }
      exitCode = await handlers.run(task === undefined ? rest : { ...rest, task: await taskText(task) });
    });
  program
    .command('demo')
    .description('fix a random bug in a small repository made for it, and check the result')
    .option('--json', 'print one JSON event per line', false)
    .action(async (options: { json: boolean }) => {
      exitCode = await handlers.demo(options);
    });
  program
    .command('up')
    .description('serve all sessions in the background of this machine, until Ctrl-C')
    .option('--model <id>', 'model to use instead of SWE_MODEL')
    .option('--budget <US dollars>', 'what a session may spend, instead of SWE_BUDGET_USD', usd)
    .option('--rehearse', 'have the rehearsal stand in where no model is set')
    .action(async (options: UpOptions) => {
      exitCode = await handlers.up(options);
    });
  program
    .command('stop')
    .argument('<session>', 'id, or the beginning of one')
    .description('stop what a session does now')
    .action(async (session: string) => {
      exitCode = await handlers.stop(session);
    });
  program
    .command('work', { hidden: true })
    .argument('<session>')
    .requiredOption('--generation <n>', 'which of the session’s workers this is', Number)
    .action(async (session: string, options: WorkOptions) => {
      exitCode = await handlers.work(session, options);
    });
  program
    .command('sessions')
    .description('list sessions, newest first')
    .action(async () => {
      exitCode = await handlers.sessions();
    });
  program
    .command('doctor')
    .description('look whether everything that a run needs is there')
    .addOption(new Option('--model <id>', 'model to ask instead of SWE_MODEL').conflicts('aws'))
    .option(
      '--aws',
      'look at the deployment in AWS_REGION that SWE_ENV names, instead of this machine',
      false,
    )
    .action(async (options: DoctorOptions) => {
      exitCode = await handlers.doctor(options);
    });
  program
    .command('setup')
    .description(
      'get an AWS account, Slack and GitHub ready to deploy to AWS_REGION; it can be broken off and run again',
    )
    .action(async () => {
      exitCode = await handlers.setup();
    });
  program
    .command('show')
    .argument('<session>', 'id, or the beginning of one')
    .description('show what a session did')
    .action(async (session: string) => {
      exitCode = await handlers.show(session);
    });
  program
    .command('cost')
    .argument('[session]', 'id, or the beginning of one; without it, all sessions')
    .description('tell what models have cost')
    .addOption(new Option('--by <what>', 'what to tell apart').choices(COST_KEYS).default('model'))
    .option('--month <yyyy-mm>', 'what was spent in that month (UTC)', month)
    .action(async (session: string | undefined, options: CostOptions) => {
      exitCode = await handlers.cost(session, options);
    });
  program
    .command('export')
    .argument('<session>', 'id, or the beginning of one')
    .description('write a session, without credentials and names, to a file that can be replayed')
    .option('--out <file>', 'where to; *.gz is compressed (default: <session>.cassette.json)')
    .action(async (session: string, options: ExportOptions) => {
      exitCode = await handlers.export(session, options);
    });
  program
    .command('replay')
    .argument('<cassette...>', 'files of swe export')
    .description('run exported sessions again, without a model or tools, up to the first difference')
    .option('--accept', 'record what they ask of models and post now, as what is expected', false)
    .action(async (cassettes: string[], options: ReplayOptions) => {
      exitCode = await handlers.replay(cassettes, options);
    });
  addKeyCommands(program, handlers, (code) => {
    exitCode = code;
  });

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.badInput;
    if (isFault(error, 'invalid', 'missing', 'denied')) {
      err(`swe: ${printable(error.message)}\n`);
      return EXIT_CODES.badInput;
    }
    err(`swe: ${printable(Error.isError(error) ? error.message : String(error))}\n`);
    return EXIT_CODES.failed;
  }
}

function usd(amount: string): number {
  const value = /^\d{1,6}(?:\.\d+)?$/.test(amount) ? Number(amount) : 0;
  if (value === 0) throw new InvalidArgumentError('Say how many US dollars, such as 20 or 2.50.');
  return value;
}

function month(given: string): string {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(given)) throw new InvalidArgumentError('Say which, such as 2026-11.');
  return given;
}

async function taskText(task: string): Promise<string> {
  const words = task.startsWith('@') ? await fileText(task.slice(1)) : task;
  if (words.trim() === '') throw new Fault('invalid', 'The task is empty: say in words what to do.');
  return words.trim();
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = Error.isError(cause) ? cause.message : String(cause);
    throw new Fault('invalid', `The task file ${path} cannot be read (${reason}).`, { cause });
  }
}

function withoutPrefix(message: string): string {
  return message.replace(/^error: /, '');
}
