import type { ShellObjects, ShellObjectType } from './shell';
import type { ShellLink } from './shell-link';

/** The objects of the working copies in a shell host's workspace. */
export class RemoteGitObjects implements ShellObjects {
  readonly #link: ShellLink;

  constructor(link: ShellLink) {
    this.#link = link;
  }

  async read(id: string, type: ShellObjectType, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { output, body } = await this.#link.call('git-objects.read', { id, type }, { signal });
    return output.isFound ? body : undefined;
  }

  async forkPoints(commit: string, branch: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#link.call('git-objects.forkPoints', { commit, branch }, { signal })).output;
  }
}
