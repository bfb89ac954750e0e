import type { Command } from '@swe/domain';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/**
 * Writes where the script ended to the note: on exit, and once more behind the script, should it have set an exit
 * trap of its own. It is one line because bash counts the script's lines from the line of `eval`; stderr is off
 * inside the braces because of scripts that `set -x`; `>|` because of scripts that `set -C`.
 */
const WRAPPER = [
  '__swe_note=$1',
  `trap '{ builtin pwd -P >|"$__swe_note" || :; } 2>/dev/null' EXIT`,
  'eval "shift 2; $2"',
  '{ __swe_status=$?; builtin pwd -P >|"$__swe_note" || :; set +x; } 2>/dev/null',
  'exit "$__swe_status"',
].join('; ');

const LONGEST_NOTE = 16 * 1024;

/** What to execute for `command`; a script leaves the directory where it ended in the file `note`. */
export function toArgv(command: Command, note: string): readonly [string, ...string[]] {
  return 'argv' in command ? command.argv : ['bash', '-c', WRAPPER, 'bash', note, command.script];
}

/** The directory in `note`; undefined when the script did not get to say. */
export function readNote(note: string): string | undefined {
  let file: number | undefined;
  try {
    // The script knows this path too, so what is there need not be our file.
    file = openSync(note, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(LONGEST_NOTE);
    const bytesRead = readSync(file, buffer, 0, LONGEST_NOTE, 0);
    const directory = buffer.toString('utf8', 0, bytesRead).replace(/\n$/, '');
    return isAbsolute(directory) ? directory : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
