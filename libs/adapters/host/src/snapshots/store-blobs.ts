import { Readable } from 'node:stream';
import { linesIn } from '../git';
import type { Shadow } from './shadow';

/**
 * Stores each of `contents` as an object of the shadow and returns their names, in order. One process takes them all,
 * one after the other (https://git-scm.com/docs/git-fast-import#_blob), so memory holds what `contents` holds.
 */
export async function storeBlobs(
  shadow: Shadow,
  contents: AsyncIterable<Buffer> | Iterable<Buffer>,
  signal: AbortSignal,
): Promise<string[]> {
  const input = Readable.from(commands(contents), { objectMode: false });
  // Without deltas: the pack that leaves is made anew, with better ones.
  return linesIn(await shadow.run(['fast-import', '--quiet', '--done', '--depth=0'], { signal, input }));
}

async function* commands(contents: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const content of contents) {
    yield Buffer.from(`blob\nmark :1\ndata ${content.length}\n`);
    // An empty chunk would be taken as the stream's end.
    if (content.length > 0) yield content;
    yield Buffer.from('\nget-mark :1\n');
  }
  yield Buffer.from('done\n');
}
