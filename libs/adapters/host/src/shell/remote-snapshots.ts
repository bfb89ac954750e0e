import type { Restored, Snapshot, Snapshots, StoredSnapshot, WorkingCopy } from '@swe/domain';
import type { ShellLink } from './shell-link';

/** Snapshots of what is in a shell host's workspace. */
export class RemoteSnapshots implements Snapshots {
  readonly #link: ShellLink;
  readonly #handle: number;

  constructor(link: ShellLink, handle: number) {
    this.#link = link;
    this.#handle = handle;
  }

  async isCurrent(): Promise<boolean> {
    return (await this.#link.call('snapshots.isCurrent', { handle: this.#handle })).output;
  }

  async declareCurrent(): Promise<void> {
    await this.#link.call('snapshots.declareCurrent', { handle: this.#handle });
  }

  async workingCopies(signal: AbortSignal): Promise<readonly WorkingCopy[]> {
    return (await this.#link.call('snapshots.workingCopies', { handle: this.#handle }, { signal })).output;
  }

  async take(
    directory: string,
    since: string | undefined,
    signal: AbortSignal,
  ): Promise<Snapshot | undefined> {
    const input = { handle: this.#handle, directory, ...(since !== undefined && { since }) };
    const { output, body } = await this.#link.call('snapshots.take', input, { signal });
    return output === null ? undefined : { ...output, bytes: body };
  }

  async restore(
    directory: string,
    { bytes, source }: StoredSnapshot,
    signal: AbortSignal,
  ): Promise<Restored> {
    const input = { handle: this.#handle, directory, ...(source !== undefined && { source }) };
    return (await this.#link.call('snapshots.restore', input, { body: bytes, signal })).output;
  }
}
