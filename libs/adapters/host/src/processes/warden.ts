import { constants } from 'node:os';
import type { Exit } from './exit';

/**
 * The first process of a sandbox, as a script for bash: runs the command with its output on descriptor 4, says on
 * descriptor 3 how it ended, and stays, since with it everything in the sandbox ends, until the other end of 3 is
 * closed.
 *
 * A status alone reads the same for a signal and for an exit code above 128, so bash's own words about a signal go to
 * 3 as well; about SIGINT and SIGPIPE it has none. In the foreground, since `wait` for a job that ended before can
 * hang. `env` takes away again what bash and bubblewrap put into the environment.
 */
const SCRIPT = [
  'exec 2>&3',
  '( exec env -u _ -u PWD -u OLDPWD -u SHLVL -- "$@" >&4 2>&4 3>&- 4>&- )',
  'echo "$?" >&3',
  'read -r <&3',
].join('\n');

/** What to execute in a sandbox for `argv`. */
export function watched(argv: readonly string[]): readonly string[] {
  return ['bash', '-c', SCRIPT, 'warden', ...argv];
}

/** How the command ended, by all that the warden said so far; undefined as long as that is not all. */
export function readReport(said: string): Exit | undefined {
  const status = /(?:^|\n)(\d+)\n$/.exec(said)?.[1];
  if (status === undefined) return undefined;
  const exitCode = Number(status);
  const notice = said.slice(0, -status.length - 1);
  const signal = notice === '' ? undefined : signalOf(exitCode - 128);
  return signal === undefined ? { exitCode, signal: null } : { exitCode: null, signal };
}

function signalOf(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, each]) => each === number)?.[0];
}
