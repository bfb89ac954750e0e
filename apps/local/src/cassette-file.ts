import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { readCassette, writeCassette } from '@swe/application/local';
import type { Cassette } from '@swe/application/local';
import { Fault } from '@swe/domain';

const isCompressed = (path: string): boolean => path.endsWith('.gz');

/** Throws `invalid` for a file that cannot be read, or is no cassette. */
export async function readCassetteFile(path: string): Promise<Cassette> {
  let text: string;
  try {
    const bytes = await readFile(path);
    text = (isCompressed(path) ? await promisify(gunzip)(bytes) : bytes).toString();
  } catch (cause) {
    const reason = Error.isError(cause) ? cause.message : String(cause);
    throw new Fault('invalid', `The cassette ${path} cannot be read (${reason}).`, { cause });
  }
  return readCassette(text);
}

export async function writeCassetteFile(path: string, cassette: Cassette): Promise<void> {
  const text = writeCassette(cassette);
  await writeFile(path, isCompressed(path) ? await promisify(gzip)(text, { level: 9 }) : text);
}

/** Lets all go on that waits for nothing but other work of this process. */
export const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
