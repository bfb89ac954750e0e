import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/**
 * What a step can tell its workflow:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {(line: string) => void} print
 */
export function openWorkflow({ GITHUB_OUTPUT, GITHUB_STEP_SUMMARY }, print) {
  const command = (name, value) => print(`::${name}::${escaped(value)}`);
  let silence;

  return {
    mask: (secret) => command('add-mask', secret),
    /** From now on nothing that is printed is a command: others wrote it. */
    quote() {
      silence = randomUUID();
      command('stop-commands', silence);
    },
    print,
    error(words) {
      if (silence !== undefined) print(`::${silence}::`);
      silence = undefined;
      command('error', words);
    },
    /** A value may hold anything but the line that ends it, which nobody can guess. */
    output(name, value) {
      if (!GITHUB_OUTPUT) return;
      const end = randomUUID();
      appendFileSync(GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
    },
    summary(markdown) {
      if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${markdown}\n`);
    },
  };
}

const escaped = (value) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
