import { Fault } from '@swe/domain';
import { isObject, parentsOfCommit, treeEntries, treeOfCommit } from './git-object';
import type { GitObjectType, TreeEntry } from './git-object';

/** Where objects are read before they are pushed. Nothing it says is believed without proof. */
export interface GitObjects {
  /** An object's content; undefined where there is none. */
  read(id: string, type: GitObjectType, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Commits that `commit` and the branch of that name may have in common. */
  forkPoints(commit: string, branch: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** How much is read to judge one push. */
const MOST = { objects: 3_000, bytes: 32 * 1024 * 1024 };

/**
 * Objects that are what their ids say, whoever hands them over: an id is the hash of the content. Undefined stands for
 * one that is not there, or is another. Throws `invalid` when more is read than one push is worth.
 */
export class ProvenObjects {
  readonly #source: GitObjects;
  readonly #signal: AbortSignal;
  #objects = 0;
  #bytes = 0;

  constructor(source: GitObjects, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  async commit(
    id: string,
  ): Promise<{ readonly tree: string; readonly parents: readonly string[] } | undefined> {
    const content = await this.#read(id, 'commit');
    const tree = content && treeOfCommit(content);
    return content && tree ? { tree, parents: parentsOfCommit(content) } : undefined;
  }

  async tree(id: string): Promise<readonly TreeEntry[] | undefined> {
    const content = await this.#read(id, 'tree');
    return content && treeEntries(content, id.length / 2);
  }

  blob(id: string): Promise<Uint8Array | undefined> {
    return this.#read(id, 'blob');
  }

  async #read(id: string, type: GitObjectType): Promise<Uint8Array | undefined> {
    const content = await this.#source.read(id, type, this.#signal);
    this.#objects += 1;
    this.#bytes += content?.byteLength ?? 0;
    if (this.#objects > MOST.objects || this.#bytes > MOST.bytes) {
      throw new Fault(
        'invalid',
        'this push changes more than can be looked through: push it in smaller steps',
      );
    }
    return content !== undefined && isObject(id, type, content) ? content : undefined;
  }
}
