import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import type { BlobStore } from '@swe/domain';
import { allPages } from './all-pages';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface BlobStoreSubject {
  readonly blobs: BlobStore;
  /** Changes one byte of what is stored, as a failing disk would. */
  damage(sessionId: string, key: string): Promise<void>;
}

export const blobStoreContract = {
  async 'what was put is got back byte for byte, of the key it was put last'({ blobs }) {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) % 256);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await blobs.put('s1', 'journal/1', bytes)).toBe(sha256);
    await blobs.put('s1', 'journal/2', Uint8Array.of());
    expect(await blobs.get('s1', 'journal/1')).toEqual(bytes);
    expect(await blobs.get('s1', 'journal/2')).toEqual(Uint8Array.of());
    await blobs.put('s1', 'journal/1', Uint8Array.of(1, 2));
    expect(await blobs.get('s1', 'journal/1')).toEqual(Uint8Array.of(1, 2));
  },

  async 'bytes that do not match their hash are `invalid`, naming the key'({ blobs, damage }) {
    await blobs.put('s1', 'journal/1', Uint8Array.of(1, 2, 3));
    await blobs.put('s1', 'journal/2', Uint8Array.of(4));
    await damage('s1', 'journal/1');
    const fault = await expectFault(blobs.get('s1', 'journal/1'), 'invalid');
    expect(fault.message).toContain('s1');
    expect(fault.message).toContain('journal/1');
    expect(await blobs.get('s1', 'journal/2')).toEqual(Uint8Array.of(4));
  },

  async 'an unknown key is `missing`; one that is no path of plain names is `invalid`'({ blobs }) {
    await blobs.put('s1', 'a/b', Uint8Array.of(1));
    await expectFault(blobs.get('s1', 'a/c'), 'missing');
    await expectFault(blobs.get('s1', 'a'), 'missing');
    await expectFault(blobs.get('s2', 'a/b'), 'missing');
    for (const key of ['', '/a', 'a/', 'a//b', '../s2/a', 'a/../b', '.a', 'a b', 'a\\b', 'ä']) {
      await expectFault(blobs.put('s1', key, Uint8Array.of(1)), 'invalid');
    }
  },

  async '`list` gives every key of the session once, sorted, page by page'({ blobs }) {
    expect(await blobs.list('s1', { limit: 2 })).toEqual({ items: [] });
    const keys = ['a/2', 'a/1', 'b', 'a-b/c', 'a/1.x'];
    for (const key of keys) await blobs.put('s1', key, Uint8Array.of(1));
    await blobs.put('s2', 'other', Uint8Array.of(1));
    expect(await allPages((page) => blobs.list('s1', page))).toEqual(keys.toSorted());
  },

  async 'a deleted key is `missing`, and deleting it again changes nothing'({ blobs }) {
    for (const key of ['x/a/b', 'x/a/c']) await blobs.put('s1', key, Uint8Array.of(1));
    await blobs.put('s2', 'x/a/b', Uint8Array.of(2));
    await blobs.delete('s1', 'x/a/b');
    await blobs.delete('s1', 'x/a/b');
    await expectFault(blobs.get('s1', 'x/a/b'), 'missing');
    expect(await blobs.list('s1', { limit: 9 })).toEqual({ items: ['x/a/c'] });
    expect(await blobs.get('s1', 'x/a/c')).toEqual(Uint8Array.of(1));
    expect(await blobs.get('s2', 'x/a/b')).toEqual(Uint8Array.of(2));
    await blobs.put('s1', 'x/a/b', Uint8Array.of(3));
    expect(await blobs.get('s1', 'x/a/b')).toEqual(Uint8Array.of(3));
  },

  async '`deleteSession` removes everything of that session and nothing else'({ blobs }) {
    for (const session of ['s1', 's10']) await blobs.put(session, 'a/b', Uint8Array.of(1));
    await blobs.put('s1', 'c', Uint8Array.of(1));
    await blobs.deleteSession('s1');
    expect(await blobs.list('s1', { limit: 10 })).toEqual({ items: [] });
    await expectFault(blobs.get('s1', 'c'), 'missing');
    expect(await blobs.get('s10', 'a/b')).toEqual(Uint8Array.of(1));
    await blobs.deleteSession('s1');
  },
} satisfies Contract<BlobStoreSubject>;
