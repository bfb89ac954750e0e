import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Calls `listener` for each line with words in it that is typed into `input`, until the returned function is called. */
export function typedLines(input: Readable, listener: (words: string) => void): () => void {
  // Not a "terminal" of readline's: the person's own keeps its line editing, and Ctrl-C stays a signal.
  const lines = createInterface({ input, terminal: false });
  lines.on('line', (line) => {
    if (line.trim() !== '') listener(line.trim());
  });
  return () => {
    lines.close();
    input.pause();
  };
}
