import { expect } from '@jest/globals';
import type { Snapshots } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

/** A workspace whose working copies a clause makes and changes, and the snapshots taken of them. */
export interface SnapshotMachine {
  readonly snapshots: Snapshots;
  makeWorkingCopy(directory: string): Promise<void>;
  write(path: string, content: string, options?: { readonly executable: boolean }): Promise<void>;
  link(path: string, target: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Every file of a working copy, nested ones left out: its content, mode and where a link leads, in words. */
  files(directory: string): Promise<Readonly<Record<string, string>>>;
}

export interface SnapshotsSubject {
  readonly here: SnapshotMachine;
  /** Another process of the same machine. */
  hereAgain(): Snapshots;
  /** Another machine with an empty workspace, which reaches the same remotes. */
  readonly there: SnapshotMachine;
  /** What a file holds that holds a credential. */
  readonly credential: string;
  readonly maxBytes: number;
  readonly maxFileBytes: number;
}

const live = new AbortController().signal;

export const snapshotsContract = {
  async 'every working copy is named once, nested ones included, an outer one before those in it'({ here }) {
    for (const directory of ['shop', 'shop/vendor/lib', 'site']) await here.makeWorkingCopy(directory);
    const directories = (await here.snapshots.workingCopies(live)).map(({ directory }) => directory);
    expect(directories.toSorted()).toEqual(['shop', 'shop/vendor/lib', 'site']);
    expect(directories.indexOf('shop')).toBeLessThan(directories.indexOf('shop/vendor/lib'));
  },

  async 'what was taken comes back: bytes, executable bits and links of every file that is not ignored'({
    here,
    there,
  }) {
    await here.makeWorkingCopy('shop');
    await here.write('shop/a b\n"c"', 'one\r\ntwo\r\n');
    await here.write('shop/run.sh', '#!/bin/sh\n', { executable: true });
    await here.write('shop/empty', '');
    await here.link('shop/away', '../nowhere');
    const { bytes, source } = (await here.snapshots.take('shop', undefined, live)) ?? {};
    if (bytes === undefined) throw new Error('nothing was taken');
    await there.snapshots.restore('shop', { bytes, ...(source !== undefined && { source }) }, live);
    expect(await there.files('shop')).toEqual(await here.files('shop'));
  },

  async 'a state that has the given fingerprint gives nothing; any change gives a snapshot'({ here }) {
    await here.makeWorkingCopy('shop');
    await here.write('shop/a', 'one');
    const take = (since?: string) => here.snapshots.take('shop', since, live);
    let since = (await take())?.fingerprint;
    const changes = [
      () => here.write('shop/a', 'two'),
      () => here.write('shop/a', 'two', { executable: true }),
      () => here.write('shop/b', ''),
      () => here.link('shop/c', 'a'),
      () => here.remove('shop/b'),
    ];
    for (const change of changes) {
      expect(await take(since)).toBeUndefined();
      await change();
      const next = await take(since);
      expect(next?.fingerprint).not.toBe(since);
      since = next?.fingerprint;
    }
  },

  async "an outer working copy's snapshot holds none of a nested one's files, and each comes back from its own"({
    here,
    there,
  }) {
    await here.makeWorkingCopy('shop');
    await here.makeWorkingCopy('shop/lib');
    await here.write('shop/a', 'outer');
    await here.write('shop/lib/b', 'inner');
    for (const directory of ['shop', 'shop/lib']) {
      const taken = await here.snapshots.take(directory, undefined, live);
      if (taken === undefined) throw new Error('nothing was taken');
      await there.snapshots.restore(directory, taken, live);
      if (directory === 'shop') expect(await there.files('shop')).toEqual(await here.files('shop'));
    }
    expect(await there.files('shop/lib')).toEqual(await here.files('shop/lib'));
  },

  async 'a file that holds a credential is left out and named'({ here, there, credential }) {
    await here.makeWorkingCopy('shop');
    await here.write('shop/.env', `TOKEN=${credential}\n`);
    await here.write('shop/a', 'one');
    const taken = await here.snapshots.take('shop', undefined, live);
    expect(taken?.leftOut).toEqual([{ path: '.env', why: 'credential' }]);
    expect(Buffer.from(taken?.bytes ?? []).includes(credential)).toBe(false);
    if (taken !== undefined) await there.snapshots.restore('shop', taken, live);
    const { '.env': _secret, ...rest } = await here.files('shop');
    expect(await there.files('shop')).toEqual(rest);
  },

  async 'a file too large for a snapshot is left out and named'({ here, maxFileBytes }) {
    await here.makeWorkingCopy('shop');
    await here.write('shop/large', 'x'.repeat(maxFileBytes + 1));
    const taken = await here.snapshots.take('shop', undefined, live);
    expect(taken?.leftOut).toEqual([{ path: 'large', why: 'too-large' }]);
  },

  async 'a snapshot above the limit is `invalid`, naming its directory'({ here, maxBytes, maxFileBytes }) {
    await here.makeWorkingCopy('shop');
    for (let i = 0; i * maxFileBytes <= 2 * maxBytes; i += 1) {
      await here.write(`shop/file-${i}`, incompressible(maxFileBytes - 100, i));
    }
    const fault = await expectFault(here.snapshots.take('shop', undefined, live), 'invalid');
    expect(fault.message).toContain('shop');
  },

  async 'a directory that is no working copy is `missing`'({ here }) {
    await here.makeWorkingCopy('shop');
    await expectFault(here.snapshots.take('nowhere', undefined, live), 'missing');
  },

  async 'restoring where a working copy is already is a `conflict` and changes nothing'({ here }) {
    await here.makeWorkingCopy('shop');
    await here.write('shop/a', 'one');
    const taken = await here.snapshots.take('shop', undefined, live);
    await here.write('shop/a', 'two');
    if (taken === undefined) throw new Error('nothing was taken');
    const before = await here.files('shop');
    await expectFault(here.snapshots.restore('shop', taken, live), 'conflict');
    expect(await here.files('shop')).toEqual(before);
  },

  async 'damaged bytes are `invalid` and leave nothing behind'({ here, there }) {
    await here.makeWorkingCopy('shop');
    await here.write('shop/a', 'one');
    const taken = await here.snapshots.take('shop', undefined, live);
    const bytes = taken?.bytes ?? new Uint8Array();
    for (const damaged of [bytes.subarray(0, bytes.length - 7), new Uint8Array(), Uint8Array.of(1, 2, 3)]) {
      await expectFault(there.snapshots.restore('shop', { ...taken, bytes: damaged }, live), 'invalid');
    }
    expect(await there.snapshots.workingCopies(live)).toEqual([]);
  },

  async 'a workspace is current once it was declared so, on that disk and from then on'({
    here,
    hereAgain,
    there,
  }) {
    await here.makeWorkingCopy('shop');
    expect(await here.snapshots.isCurrent()).toBe(false);
    await here.snapshots.declareCurrent();
    await here.snapshots.declareCurrent();
    expect(await hereAgain().isCurrent()).toBe(true);
    expect(await there.snapshots.isCurrent()).toBe(false);
  },

  async 'an abort is `cancelled`'({ here, there }) {
    await here.makeWorkingCopy('shop');
    const taken = await here.snapshots.take('shop', undefined, live);
    await expectFault(here.snapshots.take('shop', undefined, AbortSignal.abort()), 'cancelled');
    if (taken === undefined) throw new Error('nothing was taken');
    await expectFault(there.snapshots.restore('shop', taken, AbortSignal.abort()), 'cancelled');
  },
} satisfies Contract<SnapshotsSubject>;

/** Text that no packing makes smaller; the same for the same seed. */
function incompressible(length: number, seed: number): string {
  let state = seed + 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(33 + ((state >>> 16) % 94));
  }).join('');
}
