import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * Runs a program in the foreground and resolves to its exit code (128 + the signal's number when a signal ended
 * it). Signals sent to this process reach the child once: the terminal delivers Ctrl-C to both by itself, all
 * other signals are passed on.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function runChild(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  const passOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  const onInterrupt = hasTerminal() ? () => {} : passOn;
  process.on('SIGINT', onInterrupt).on('SIGTERM', passOn).on('SIGHUP', passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', passOn).off('SIGHUP', passOn);
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
    });
  });
}

function hasTerminal() {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/**
 * Turns a script's outcome into this process's exit code, a failure into one line.
 *
 * @param {() => Promise<number>} script
 */
export async function exitWith(script) {
  try {
    process.exitCode = await script();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
