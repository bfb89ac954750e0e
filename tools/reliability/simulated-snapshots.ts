import { MemorySnapshots } from '@swe/testing/memory';
import type { MemoryWorkspace } from '@swe/testing/memory';
import type { Restored, Snapshot, Snapshots, StoredSnapshot, WorkingCopy } from '@swe/domain';

/** Snapshots of the one working copy of a simulated machine's disk. */
export class SimulatedSnapshots implements Snapshots {
  readonly #taken = new MemorySnapshots();

  constructor(
    private readonly disk: MemoryWorkspace,
    private readonly directory: string,
  ) {}

  isCurrent(): Promise<boolean> {
    return this.#taken.isCurrent();
  }

  declareCurrent(): Promise<void> {
    return this.#taken.declareCurrent();
  }

  workingCopies(signal: AbortSignal): Promise<readonly WorkingCopy[]> {
    this.#look();
    return this.#taken.workingCopies(signal);
  }

  take(directory: string, since: string | undefined, signal: AbortSignal): Promise<Snapshot | undefined> {
    this.#look();
    return this.#taken.take(directory, since, signal);
  }

  async restore(directory: string, snapshot: StoredSnapshot, signal: AbortSignal): Promise<Restored> {
    this.#look();
    const restored = await this.#taken.restore(directory, snapshot, signal);
    for (const [path, content] of this.#taken.workspace.get(directory) ?? []) {
      this.disk.put(`${this.disk.root}/${directory}/${path}`, content);
    }
    return restored;
  }

  #look(): void {
    const files = Object.entries(this.disk.files(`${this.disk.root}/${this.directory}`));
    if (files.length > 0) this.#taken.workspace.set(this.directory, new Map(files));
  }
}
