import { join } from 'node:path';
import { runCommandLine, Screen } from '@swe/adapter-local/terminal';
import { deploymentConfig } from '@swe/config/deployment';
import { localConfig } from '@swe/config/local';
import { keepHeapSmall, loadConfig, systemClock, systemRandom } from '@swe/runtime';
import { cost } from './commands/cost';
import { demo } from './commands/demo';
import { doctor } from './commands/doctor';
import { doctorAws } from './commands/doctor-aws';
import { createKey, listKeys, revokeKey } from './commands/keys';
import { exportTo } from './commands/export';
import { replay } from './commands/replay';
import { run } from './commands/run';
import { sessions, show, stop } from './commands/sessions';
import { setup } from './commands/setup';
import { up, work } from './commands/up';
import type { Program } from './program';
import { settingsOf } from './settings';

keepHeapSmall();
const { stdin, stdout, stderr } = process;
const screen = new Screen(stdout);
// A reader that went away (`swe run | head`) must not end work that goes on without it.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined);

const program: Program = {
  pid: process.pid,
  uid: process.getuid?.(),
  argv: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
  environment: Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  consoleFolder: join(import.meta.dirname, '..', 'console'),
  clock: systemClock,
  random: systemRandom,
  screen,
  input: stdin,
  isTerminal: stdout.isTTY,
  readDeployment: () => loadConfig(deploymentConfig, process.env),
  readConfig() {
    const { wantsColour, movesCursor, ...settings } = settingsOf(loadConfig(localConfig, process.env));
    return { ...settings, colour: stdout.isTTY && wantsColour, draws: stdout.isTTY && movesCursor };
  },
  out: (text) => screen.write(text),
  // On the same terminal, what is drawn there must make room for it.
  err: (text) => (stdout.isTTY && stderr.isTTY ? screen.writeLine(text) : void stderr.write(text)),
  columns: () => screen.columns,
  interrupt: () => void process.kill(process.pid, 'SIGINT'),
};

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    run: (options) => run(program, options),
    demo: (options) => demo(program, options),
    up: (options) => up(program, options),
    stop: (wanted) => stop(program, wanted),
    work: (sessionId, options) => work(program, sessionId, options),
    sessions: () => sessions(program),
    doctor: (options) => (options.aws ? doctorAws(program) : doctor(program, options)),
    setup: () => setup(program),
    show: (wanted) => show(program, wanted),
    export: (wanted, options) => exportTo(program, wanted, options),
    replay: (paths, options) => replay(program, paths, options),
    cost: (wanted, options) => cost(program, wanted, options),
    createKey: (options) => createKey(program, options),
    listKeys: (options) => listKeys(program, options),
    revokeKey: (keyId, options) => revokeKey(program, keyId, options),
  },
  program,
);
