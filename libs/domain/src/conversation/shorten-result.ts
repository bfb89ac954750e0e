import { contentBytes } from './content-bytes';
import { text } from './content';
import type { UserContent } from './content';
import { HARNESS_NOTE } from './harness-note';
import { noteOf } from './newest-files';

/** The tool that gives back what was left out of a result. */
export const READ_RESULT_TOOL = 'read_result';

/**
 * A result in about `keepBytes` bytes: its beginning, what was left out and how it is read again, its end. Files of it
 * become a line each. The same for the same result, byte for byte.
 */
export function shortenResult(
  callId: string,
  content: readonly UserContent[],
  keepBytes: number,
): UserContent[] {
  const words = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const bytes = Buffer.byteLength(words);
  const files = content.flatMap((part) =>
    part.type === 'text' ? [] : [noteOf(part, 'to make room; look at it again if it is needed')],
  );
  if (bytes <= keepBytes) return [...(words.trim() === '' ? [] : [text(words)]), ...files];
  const half = Math.floor((keepBytes / bytes) * (words.length / 2));
  const left = `${HARNESS_NOTE} About ${bytes - keepBytes} bytes of this result were left out to make room; ${READ_RESULT_TOOL} with callId ${JSON.stringify(callId)} gives them.`;
  return [text(`${words.slice(0, half)}\n${left}\n${words.slice(words.length - half)}`), ...files];
}

/** Whether shortening it to so many bytes is worth a change of the conversation. */
export function isBulky(content: readonly UserContent[], keepBytes: number): boolean {
  return contentBytes(content) > 1.5 * keepBytes + 512;
}
