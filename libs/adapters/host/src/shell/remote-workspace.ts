import type { ByteRange, DirectoryEntry, FileBytes, FileStat, Workspace } from '@swe/domain';
import { mustFit } from './shell-link';
import type { ShellLink } from './shell-link';

/** The workspace of a shell host. */
export class RemoteWorkspace implements Workspace {
  readonly #link: ShellLink;

  constructor(
    link: ShellLink,
    readonly root: string,
  ) {
    this.#link = link;
  }

  async stat(path: string): Promise<FileStat> {
    return (await this.#link.call('workspace.stat', { path })).output;
  }

  async read(path: string, range?: ByteRange): Promise<FileBytes> {
    const input = { path, ...(range !== undefined && { range }) };
    const { output, body } = await this.#link.call('workspace.read', input);
    if (range !== undefined) mustFit('workspace.read', body.length, range.length);
    return { ...output, bytes: body };
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    await this.#link.call('workspace.write', { path }, { body: bytes });
  }

  async list(path: string, limit?: number): Promise<readonly DirectoryEntry[]> {
    const input = { path, ...(limit !== undefined && { limit }) };
    return (await this.#link.call('workspace.list', input)).output;
  }
}
