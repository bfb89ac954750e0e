import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ageOf, aliasKey, inboxKey, outboxKey, seenKey, sessionIdOfPk, sessionPk, shardOf } from './item-key';

const number = fc.integer({ min: 1, max: 999_999_999_999 });

it('numbers sort as text', () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(inboxKey('s', a).sk < inboxKey('s', b).sk).toBe(a < b);
      const [first, second] = [a, b].map((createdAtMs) => ageOf({ createdAtMs, id: 's' }));
      expect((first ?? '') < (second ?? '')).toBe(a < b);
    }),
  );
});

it('names of any length fit into a key, and different names make different keys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.string({ maxLength: 2_000 }), (a, b) => {
      expect(Buffer.byteLength(seenKey(a).pk)).toBeLessThanOrEqual(2_048);
      expect(Buffer.byteLength(outboxKey('s', a).sk)).toBeLessThanOrEqual(1_024);
      expect(aliasKey(a).pk === aliasKey(b).pk).toBe(a === b);
    }),
  );
});

it('nobody can name the hash of a long name', () => {
  const hashed = seenKey('k'.repeat(1_000)).pk.slice('seen/'.length);
  expect(hashed).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(seenKey(hashed).pk).not.toBe(`seen/${hashed}`);
});

it('a partition names its session', () => {
  expect(sessionIdOfPk(sessionPk('sabc'))).toBe('sabc');
});

it('sessions spread over all shards, and each stays in its own', () => {
  const shards = Array.from({ length: 1_000 }, (_, i) => shardOf(`s${i}`, 16));
  expect(new Set(shards).size).toBe(16);
  expect(shardOf('s1', 16)).toBe(shards[1]);
});
