import { createHash } from 'node:crypto';

export type GitObjectType = 'commit' | 'tree' | 'blob';

export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

/** Whether `content` is what `id` names: an object's id is the hash of it, https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function isObject(id: string, type: GitObjectType, content: Uint8Array): boolean {
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`${type} ${content.byteLength}\0`).update(content).digest('hex') === id;
}

/** The id of a commit's tree; undefined where the content is none of a commit. */
export function treeOfCommit(content: Uint8Array): string | undefined {
  return /^tree ([0-9a-f]{40,64})\n/.exec(Buffer.from(content.subarray(0, 80)).toString('latin1'))?.[1];
}

/** The ids of a commit's parents: https://git-scm.com/docs/git-commit-tree, each a line of its header. */
export function parentsOfCommit(content: Uint8Array): readonly string[] {
  const [header = ''] = Buffer.from(content).toString('latin1').split('\n\n', 1);
  return [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, id]) => id ?? '');
}

/** The entries of a tree whose ids are `idBytes` long. Names are one character per byte. */
export function treeEntries(content: Uint8Array, idBytes: number): readonly TreeEntry[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    const [space, end] = [bytes.indexOf(0x20, at), bytes.indexOf(0, at)];
    if (space < 0 || end < space) break;
    const next = end + 1 + idBytes;
    entries.push({
      mode: bytes.toString('latin1', at, space),
      name: bytes.toString('latin1', space + 1, end),
      id: bytes.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}
