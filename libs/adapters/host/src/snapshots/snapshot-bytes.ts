import { Fault } from '@swe/domain';
import { createHash } from 'node:crypto';
import { z } from 'zod';

const MAGIC = Buffer.from('SWE snapshot 1\n');
const oid = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** What a snapshot's pack is to be read with. */
export const manifest = z.object({
  objectFormat: z.enum(['sha1', 'sha256']),
  /** Seen from the working copy's folder. */
  gitDirectory: z.string(),
  /** The commit whose tree holds `git`, the git directory's files, and `worktree`. */
  commit: oid,
  /** Commits to fetch before. */
  base: z.array(oid),
  settings: z.array(z.tuple([z.string(), z.string()])),
  lost: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifest>;

/** A line that names the format, the manifest's length, the manifest as JSON, a git pack. */
export function toBytes(head: Manifest, pack: Buffer): Uint8Array {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([MAGIC, length, json, pack]);
}

/** Throws `invalid` for anything that `toBytes` did not make. */
export function fromBytes(bytes: Uint8Array): { readonly manifest: Manifest; readonly pack: Buffer } {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = MAGIC.length + 4;
  try {
    if (!all.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('another format');
    const end = start + all.readUInt32BE(MAGIC.length);
    const read = manifest.parse(JSON.parse(all.toString('utf8', start, end)));
    const pack = all.subarray(end);
    if (!isWhole(pack, read.objectFormat)) throw new Error('another checksum');
    return { manifest: read, pack };
  } catch (cause) {
    throw new Fault('invalid', 'these bytes are no snapshot', { cause });
  }
}

/** A pack ends with the hash of what is before: https://git-scm.com/docs/gitformat-pack */
function isWhole(pack: Buffer, objectFormat: Manifest['objectFormat']): boolean {
  const bytes = objectFormat === 'sha256' ? 32 : 20;
  const hash = createHash(objectFormat).update(pack.subarray(0, -bytes)).digest();
  return hash.equals(pack.subarray(-bytes));
}
