import { Fault } from '@swe/domain';
import type { Command, Processes, RunResult, RunSpec } from '@swe/domain';
import { openScriptedProcesses } from '../memory/open-scripted-processes';
import type { ScriptedProgram } from '../memory/scripted-process';
import { processesContract } from './processes.contract';
import type { ProcessesSubject } from './processes.contract';
import { proveBites } from './run-contract';
import type { Opened } from './run-contract';

const MIB = 1024 * 1024;

/** Correct processes, but for what `change` replaces. */
function broken(
  change: (processes: Processes) => Partial<Processes>,
  options: {
    readonly programs?: Readonly<Record<string, ScriptedProgram>>;
    readonly volumeBytes?: number;
  } = {},
): Opened<ProcessesSubject> {
  const subject = openScriptedProcesses(options.programs, options.volumeBytes);
  const { processes } = subject;
  const whole: Processes = {
    spoolDirectory: processes.spoolDirectory,
    run: (spec, signal) => processes.run(spec, signal),
    start: (spec) => processes.start(spec),
    output: (id, offset, maxBytes) => processes.output(id, offset, maxBytes),
    input: (id, text) => processes.input(id, text),
    kill: (id) => processes.kill(id),
  };
  return { subject: { ...subject, processes: { ...whole, ...change(processes) } } };
}

/** Correct processes that run something else. */
function running(change: (spec: RunSpec) => RunSpec): Opened<ProcessesSubject> {
  return broken((processes) => ({ run: (spec, signal) => processes.run(change(spec), signal) }));
}

/** Correct processes that tell something else. */
function telling(change: (result: RunResult) => Partial<RunResult>): Opened<ProcessesSubject> {
  return broken((processes) => ({
    run: async (spec, signal) => {
      const result = await processes.run(spec, signal);
      return { ...result, ...change(result) };
    },
  }));
}

/** Ends the leader, and lets its children live. */
function sparing(): Opened<ProcessesSubject> {
  return { subject: { ...openScriptedProcesses(), isAlive: () => true } };
}

proveBites('processes', processesContract, {
  "a program's arguments arrive unchanged, whatever characters they hold": () =>
    running((spec) => ({ ...spec, command: inAShell(spec.command) })),
  'the exit code and the signal are told apart': () =>
    telling(({ exitCode }) => (exitCode === null ? { exitCode: 137, signal: null } : {})),
  'output of 1 GB costs bounded memory; head and tail stay, the spool holds the rest up to its limit': () => {
    const volumeBytes = 256 * MIB;
    const kept: Buffer[] = [];
    const keepAll = (processes: Processes): Partial<Processes> => ({
      run: async (spec, signal) => {
        const result = await processes.run(spec, signal);
        kept.push(Buffer.alloc(volumeBytes, 1));
        return result;
      },
    });
    return { ...broken(keepAll, { volumeBytes }), close: async () => void kept.splice(0) };
  },
  'binary output and invalid UTF-8 survive in the spool': () =>
    broken(() => ({}), {
      programs: {
        printf: (call) => {
          call.print('\uFFFD\uFFFD\0\uFFFDx');
          return 0;
        },
      },
    }),
  "a script's last working directory is reported": () =>
    telling(({ cwd }) => ({ cwd: cwd.replace('/deep/er', '') })),
  "nothing of the parent's environment is seen but what the adapter was given": () =>
    running((spec) => ({ ...spec, env: { ...spec.env, HOME: '/home/parent' } })),
  'a timeout ends the whole process tree, grandchildren included': sparing,
  'an abort ends the whole process tree, grandchildren included, within two seconds': sparing,
  'what a finished command left running is ended and counted': () => telling(() => ({ leftovers: 0 })),
  'a named spool is in the spool directory under its name': () =>
    running(({ spoolName: _name, ...spec }) => spec),
  'a program that does not exist is `missing`; a working directory outside the root is `denied`': () =>
    running((spec) => ({ ...spec, cwd: '.' })),
  "a started process's later output is read from an offset": () =>
    broken((processes) => ({ output: (id, _offset, maxBytes) => processes.output(id, 0, maxBytes) })),
  'a started process takes input': () =>
    broken((processes) => ({ input: (id, text) => processes.input(id, `${text}\n`) })),
  '`kill` ends a started process and its tree; killing it again is harmless': () =>
    broken((processes) => {
      const killed = new Set<string>();
      const kill = async (id: string): Promise<void> => {
        if (killed.has(id)) throw new Fault('missing', id);
        killed.add(id);
        await processes.kill(id);
      };
      return { kill };
    }),
  'an unknown process is `missing`': () => broken(() => ({ kill: async () => undefined })),
});

/** What interpolating the arguments into a shell's line does to them. */
function inAShell(command: Command): Command {
  if ('script' in command) return command;
  const [program, ...args] = command.argv;
  return { argv: [program, ...args.flatMap((arg) => arg.split(/\s+/).filter(Boolean))] };
}
