import { Fault } from '@swe/domain';
import type { TreeEntry } from './git-object';
import type { ProvenObjects } from './proven-objects';

/** What a file is in a tree: its content's id, and its mode. */
type FileEntry = Pick<TreeEntry, 'mode' | 'id'>;

/** A file that two trees do not have alike; undefined where it is not there. Its path has one character per byte. */
export interface ChangedFile {
  readonly path: string;
  readonly before: FileEntry | undefined;
  readonly after: FileEntry | undefined;
}

const TREE = '40000';

/** The files that differ between two trees, by ids; what is alike is not read. Throws `missing` where a tree is not proven. */
export async function changedFiles(
  before: string | undefined,
  after: string | undefined,
  objects: ProvenObjects,
  folder = '',
): Promise<readonly ChangedFile[]> {
  const [old, fresh] = [await entriesOf(before, objects), await entriesOf(after, objects)];
  const found: ChangedFile[] = [];
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    const [was, is] = [old.get(name), fresh.get(name)];
    if (was?.id === is?.id && was?.mode === is?.mode) continue;
    const path = `${folder}${name}`;
    const [wasTree, isTree] = [treeOf(was), treeOf(is)];
    if (wasTree ?? isTree) found.push(...(await changedFiles(wasTree, isTree, objects, `${path}/`)));
    const files = { before: fileOf(was), after: fileOf(is) };
    if (files.before ?? files.after) found.push({ path, ...files });
  }
  return found;
}

const treeOf = (entry: TreeEntry | undefined): string | undefined =>
  entry?.mode === TREE ? entry.id : undefined;
const fileOf = (entry: TreeEntry | undefined): FileEntry | undefined =>
  entry?.mode === TREE ? undefined : entry;

async function entriesOf(
  tree: string | undefined,
  objects: ProvenObjects,
): Promise<ReadonlyMap<string, TreeEntry>> {
  if (tree === undefined) return new Map();
  const entries = await objects.tree(tree);
  if (entries === undefined) throw new Fault('missing', `the tree ${tree} is not there`);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  // Git makes none, and what it shows of one is half of it.
  if (byName.size < entries.length) throw new Fault('missing', `the tree ${tree} has a name twice`);
  return byName;
}
