import { describe, expect, it } from '@jest/globals';
import { hasScope, newKey, parseToken, tokenOf } from './api-key';
import type { ApiScope } from './api-key';

const CHANCE = ['0'.repeat(32), 'a'.repeat(32), 'b'.repeat(32)] as const;

describe('a key of the API', () => {
  it('is read from its text as it was made, its secret 256 bits', () => {
    const key = newKey(CHANCE);
    expect(key).toEqual({ id: `k${'0'.repeat(16)}`, secret: 'a'.repeat(32) + 'b'.repeat(32) });
    expect(parseToken(tokenOf(key))).toEqual(key);
  });

  it.each([
    '',
    'swe_',
    `swe_k${'0'.repeat(16)}_${'a'.repeat(63)}`,
    `swe_k${'0'.repeat(16)}_${'A'.repeat(64)}`,
    `${tokenOf(newKey(CHANCE))}\n`,
    `Bearer ${tokenOf(newKey(CHANCE))}`,
  ])('is not read from %j', (token) => {
    expect(parseToken(token)).toBeUndefined();
  });

  it.each<[ApiScope[], boolean[]]>([
    [[], [false, false, false]],
    [['read'], [true, false, false]],
    [['run'], [true, true, false]],
    [['admin'], [true, true, true]],
    [
      ['read', 'run'],
      [true, true, false],
    ],
  ])('with the scopes %j may read, run and rule: %j', (held, may) => {
    expect((['read', 'run', 'admin'] as const).map((needed) => hasScope(held, needed))).toEqual(may);
  });
});
