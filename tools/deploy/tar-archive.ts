import { gzipSync } from 'node:zlib';

/** A file of an archive. */
export interface TarEntry {
  readonly path: string;
  readonly bytes: Buffer;
  readonly isExecutable?: boolean;
}

const BLOCK = 512;
/** Where gzip says on which system it ran. */
const SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/**
 * Packs files into a gzipped tar that depends on their paths, bytes and being executable alone: no times, no owners,
 * always the same order. The format is POSIX ustar: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
export function packTar(entries: readonly TarEntry[]): Buffer {
  const inOrder = entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const blocks = inOrder.flatMap((entry) => [headerOf(entry), entry.bytes, padding(entry.bytes.length)]);
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 6 });
  packed[SYSTEM_BYTE] = UNKNOWN_SYSTEM;
  return packed;
}

function headerOf({ path, bytes, isExecutable = false }: TarEntry): Buffer {
  const { prefix, name } = splitPath(path);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(isExecutable ? '0000755\0' : '0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(`${'0'.repeat(11)}\0`, 136);
  // The checksum counts its own field as spaces.
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const MAX_NAME = 100;
const MAX_PREFIX = 155;

function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  if (!/^[\x21-\x7e]+$/.test(path))
    throw new Error(`${JSON.stringify(path)} has characters that are not ASCII`);
  if (path.length <= MAX_NAME) return { prefix: '', name: path };
  const cut = path.indexOf('/', path.length - MAX_NAME - 1);
  if (cut === -1 || cut > MAX_PREFIX) throw new Error(`${path} is too long for an archive`);
  return { prefix: path.slice(0, cut), name: path.slice(cut + 1) };
}

function padding(length: number): Buffer {
  return Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);
}
