import type { OutputPreview, RunResult } from '@swe/domain';

/** The output as a model reads it: head, what was left out and where it is, tail. */
export function outputText({
  head,
  tail,
  omittedBytes,
  totalBytes,
  spoolPath,
  spooledBytes,
}: OutputPreview): string {
  if (totalBytes === 0) return '(no output)';
  if (omittedBytes === 0) return head + tail;
  const kept = spooledBytes < totalBytes ? `its first ${spooledBytes} bytes are in` : 'all of it is in';
  return `${head}\n[... ${omittedBytes} of ${totalBytes} bytes left out; ${kept} ${spoolPath} ...]\n${tail}`;
}

/** How the run ended, in one line. */
export function endText({ end, exitCode, signal, durationMs, leftovers }: RunResult): string {
  const seconds = (durationMs / 1000).toFixed(1);
  const how = {
    exited: exitCode === null ? `ended by ${signal}` : `exit code ${exitCode}`,
    'timed-out': 'timed out and was ended with everything it had started',
    cancelled: 'stopped by the person',
  }[end];
  const left = leftovers === 0 ? '' : `; ${leftovers} process(es) it had left running were ended`;
  return `[${how} after ${seconds} s${left}]`;
}

export function succeeded(result: RunResult): boolean {
  return result.end === 'exited' && result.exitCode === 0;
}
