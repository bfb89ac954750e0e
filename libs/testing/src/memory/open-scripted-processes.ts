import { SCRIPT } from '../contracts';
import type { ProcessesSubject } from '../contracts';
import { ManualClock } from './manual-clock';
import { MemoryWorkspace } from './memory-workspace';
import type { ScriptedProgram } from './scripted-process';
import { ScriptedProcesses } from './scripted-processes';

const MIB = 1024 * 1024;
const OCTAL = /\\([0-7]{3})/g;

export interface ScriptedSubject extends ProcessesSubject {
  readonly processes: ScriptedProcesses;
  readonly workspace: MemoryWorkspace;
}

/** Scripted processes with the programs that their contract runs; `programs` replaces some of them. */
export function openScriptedProcesses(
  programs: Readonly<Record<string, ScriptedProgram>> = {},
  volumeBytes = 1024 * MIB,
): ScriptedSubject {
  const workspace = new MemoryWorkspace();
  const clock = new ManualClock();
  const environment = { PATH: '/bin', LANG: 'C.UTF-8' };
  const maxSpoolBytes = 64 * 1024;
  const processes = new ScriptedProcesses({
    workspace,
    clock,
    environment,
    maxSpoolBytes,
    programs: { ...standIns(workspace, volumeBytes), ...programs },
  });
  return {
    processes,
    workspace,
    root: workspace.root,
    environment,
    maxSpoolBytes,
    volumeBytes,
    file: (path) =>
      workspace.read(path).then(
        ({ bytes }) => bytes,
        () => undefined,
      ),
    isAlive: (pid) => processes.isAlive(pid),
    elapse: (ms) => clock.advance(ms),
  };
}

/** What the contract's programs and scripts do, as far as can be seen from outside. */
function standIns(
  workspace: MemoryWorkspace,
  volumeBytes: number,
): Readonly<Record<string, ScriptedProgram>> {
  return {
    env: (call) => {
      for (const [name, value] of Object.entries(call.env)) call.print(`${name}=${value}\n`);
      return 0;
    },
    printf: (call) => {
      const [format = '', ...args] = call.args;
      if (args.length === 0) call.print(Buffer.from(format.replace(OCTAL, fromOctal), 'latin1'));
      for (const arg of args) call.print(format.replace('%s', () => arg));
      return 0;
    },
    [SCRIPT.exits]: () => 137,
    [SCRIPT.killsItself]: () => 'SIGKILL',
    [SCRIPT.volume(volumeBytes)]: (call) => {
      call.print('first\n');
      const zeros = new Uint8Array(MIB);
      for (let left = volumeBytes; left > 0; left -= MIB) call.print(zeros.subarray(0, Math.min(left, MIB)));
      call.print('last\n');
      return 0;
    },
    [SCRIPT.movesOn]: async (call) => {
      await workspace.write('deep/er/.keep', new Uint8Array());
      call.moveTo('deep/er');
      return 0;
    },
    [SCRIPT.family]: async (call) => {
      await workspace.write('pids', Buffer.from(`${call.fork()} ${call.fork()}\n`));
      return call.hang();
    },
    [SCRIPT.leaves]: (call) => {
      call.print(`${call.fork()}\n`);
      return 0;
    },
    [SCRIPT.echoes]: async (call) => {
      call.print('one é\n');
      call.print(`two ${await call.readLine()}\n`);
      return 3;
    },
  };
}

function fromOctal(_escape: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 8));
}
