import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A file as it is sent: whole. */
export interface StaticFile {
  readonly mediaType: string;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly isHashed: boolean;
  readonly plain: Uint8Array;
  /** Compressed, when it is first asked for; undefined for what is compressed by itself. */
  packed(encoding: Encoding): Promise<Uint8Array | undefined>;
}

export type Encoding = keyof typeof PACKERS;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
/** What is compressed by itself gains nothing. */
const COMPRESSIBLE = ['.html', '.js', '.css', '.svg'];
/** Half a second for a bundle of a megabyte; the best quality takes several, for a hundredth less. */
const BROTLI_QUALITY = 9;

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];
/** The better one first. */
const PACKERS = {
  br: (bytes: Uint8Array) => brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (bytes: Uint8Array) => zip(bytes),
} as const;
export const ENCODINGS = Object.keys(PACKERS) as readonly Encoding[];

/** The files below a folder by their path in a URL (`/assets/index-1a2b3c4d.js`); none where there is no such folder. */
export async function readStaticFiles(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && extname(entry.name) in MEDIA_TYPES);
  const read = files.map(async ({ parentPath, name }): Promise<[string, StaticFile]> => {
    const file = join(parentPath, name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    return [path, staticFileOf(path, await readFile(file))];
  });
  return new Map(await Promise.all(read));
}

/** How the names of compressed copies end. */
const COPIES: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

/** Files as they are put where there are bytes under names alone: each with its compressed copies beside it. */
export async function toObjects(
  files: ReadonlyMap<string, StaticFile>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for (const [path, file] of files) {
    const name = path.slice(1);
    objects.set(name, file.plain);
    for (const encoding of ENCODINGS) {
      const packed = await file.packed(encoding);
      if (packed !== undefined) objects.set(`${name}${COPIES[encoding]}`, packed);
    }
  }
  return objects;
}

/** Files as `toObjects` put them. */
export function fromObjects(objects: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, StaticFile> {
  const plain = [...objects].filter(([name]) => extname(name) in MEDIA_TYPES);
  const files = plain.map(([name, bytes]): [string, StaticFile] => {
    const packed = async (encoding: Encoding) => objects.get(`${name}${COPIES[encoding]}`);
    return [`/${name}`, { ...staticFileOf(`/${name}`, bytes), packed }];
  });
  return new Map(files);
}

function staticFileOf(path: string, plain: Uint8Array): StaticFile {
  const extension = extname(path);
  const packed = new Map<Encoding, Promise<Uint8Array>>();
  return {
    mediaType: MEDIA_TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    isHashed: path.startsWith('/assets/'),
    plain,
    async packed(encoding) {
      if (!COMPRESSIBLE.includes(extension)) return undefined;
      const packing = packed.get(encoding) ?? PACKERS[encoding](plain);
      packed.set(encoding, packing);
      return packing;
    },
  };
}
