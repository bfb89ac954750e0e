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

const BRIEF_HEAD_BYTES = 800;
const BRIEF_TAIL_BYTES = 1_800;

/**
 * The little of a long output that stays in the conversation, where every later step pays for it: how it begins and
 * how it ends, by whole lines where they are short. All of it is in its spool.
 */
export function inBrief(output: OutputPreview): OutputPreview {
  if (output.omittedBytes === 0) return output;
  const head = output.head.slice(0, lineEnd(output.head, charactersIn(output.head, BRIEF_HEAD_BYTES)));
  const tailStart = output.tail.length - charactersIn(output.tail, BRIEF_TAIL_BYTES);
  const tail = output.tail.slice(lineStart(output.tail, tailStart));
  const shownBytes = Buffer.byteLength(head) + Buffer.byteLength(tail);
  return { ...output, head, tail, omittedBytes: Math.max(1, output.totalBytes - shownBytes) };
}

/** About how many of its characters so many bytes are, and never more than it has. */
function charactersIn(words: string, bytes: number): number {
  const share = bytes / Math.max(1, Buffer.byteLength(words));
  return Math.floor(words.length * Math.min(1, share));
}

/** The end of the last whole line before `at`, if it is not far away. */
function lineEnd(words: string, at: number): number {
  const end = words.lastIndexOf('\n', at);
  return end > at / 2 ? end : at;
}

/** The start of the first whole line behind `at`, if it is not far away. */
function lineStart(words: string, at: number): number {
  const start = words.indexOf('\n', at) + 1;
  return start > 0 && start < (at + words.length) / 2 ? start : at;
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
