import { createHash } from 'node:crypto';
import { Fault } from '@swe/domain';
import type { LeftOut, Restored, Snapshot, Snapshots, StoredSnapshot, WorkingCopy } from '@swe/domain';
import { z } from 'zod';

const files = z.record(z.string(), z.string());
type Files = Readonly<Record<string, string>>;

export interface MemorySnapshotsOptions {
  readonly maxBytes?: number;
  readonly maxFileBytes?: number;
  /** What a file holds that holds a credential. */
  readonly credential?: string;
}

/** What outlives the processes of a machine. */
export interface MemorySnapshotsDisk {
  readonly workspace: Map<string, Map<string, string>>;
  isCurrent: boolean;
}

export const emptyDisk = (): MemorySnapshotsDisk => ({ workspace: new Map(), isCurrent: false });

/** Working copies that are no more than their files, each a path and what is to be said of it. */
export class MemorySnapshots implements Snapshots {
  /** By directory. */
  readonly workspace: Map<string, Map<string, string>>;
  readonly #options: Required<MemorySnapshotsOptions>;
  readonly #disk: MemorySnapshotsDisk;

  constructor(options: MemorySnapshotsOptions = {}, disk: MemorySnapshotsDisk = emptyDisk()) {
    this.#disk = disk;
    this.workspace = disk.workspace;
    this.#options = { maxBytes: 100_000, maxFileBytes: 10_000, credential: 'credential', ...options };
  }

  async isCurrent(): Promise<boolean> {
    return this.#disk.isCurrent;
  }

  async declareCurrent(): Promise<void> {
    this.#disk.isCurrent = true;
  }

  async workingCopies(signal: AbortSignal): Promise<readonly WorkingCopy[]> {
    checkLive(signal);
    return [...this.workspace.keys()].sort().map((directory) => ({ directory }));
  }

  async take(
    directory: string,
    since: string | undefined,
    signal: AbortSignal,
  ): Promise<Snapshot | undefined> {
    checkLive(signal);
    const copy = this.workspace.get(directory);
    if (copy === undefined) throw new Fault('missing', `${directory} is no working copy`);
    const leftOut = [...copy].flatMap(([path, content]) => this.#whyNot(path, content) ?? []);
    const names = new Set(leftOut.map(({ path }) => path));
    const kept = Object.fromEntries([...copy].filter(([path]) => !names.has(path)).sort());
    const body = JSON.stringify(kept);
    if (body.length > this.#options.maxBytes) throw new Fault('invalid', `${directory} is too large`);
    const fingerprint = hashOf(body);
    if (fingerprint === since) return undefined;
    return { fingerprint, bytes: new TextEncoder().encode(fingerprint + body), leftOut, unsteady: [] };
  }

  async restore(directory: string, { bytes }: StoredSnapshot, signal: AbortSignal): Promise<Restored> {
    checkLive(signal);
    if (this.workspace.has(directory)) throw new Fault('conflict', `${directory} is there already`);
    this.workspace.set(directory, new Map(Object.entries(read(bytes))));
    return { lost: [] };
  }

  #whyNot(path: string, content: string): LeftOut | undefined {
    const { credential, maxFileBytes } = this.#options;
    if (content.includes(credential)) return { path, why: 'credential' };
    return content.length > maxFileBytes ? { path, why: 'too-large' } : undefined;
  }
}

const HASH_LENGTH = 64;

function read(bytes: Uint8Array): Files {
  const written = new TextDecoder().decode(bytes);
  const body = written.slice(HASH_LENGTH);
  if (hashOf(body) !== written.slice(0, HASH_LENGTH)) throw new Fault('invalid', 'the snapshot is damaged');
  return files.parse(JSON.parse(body));
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

function checkLive(signal: AbortSignal): void {
  if (signal.aborted) throw new Fault('cancelled', 'it was aborted');
}
