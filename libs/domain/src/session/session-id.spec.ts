import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sessionIdOf } from './session-id';

describe('a session id', () => {
  // printf 'terminal:1\n1' | openssl dgst -sha256 -binary | base32 | head -c 20
  it.each([
    ['terminal:1', 1, 'syjglph7wwaww324ie6se'],
    ['slack:T1/C1/1700000000.000100', 2, 'sh2bgtq7p6a6gdguqp2dh'],
    ['', 1, 's57otbuo5uwq2gkpotuf7'],
  ])('of %j in round %d is base32 of its SHA-256', (origin, round, id) => {
    expect(sessionIdOf(origin, round)).toBe(id);
  });

  it('is the same for the same origin and round, and well formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1 }), (origin, round) => {
        const id = sessionIdOf(origin, round);
        expect(sessionIdOf(origin, round)).toBe(id);
        expect(id).toMatch(/^s[a-z2-7]{20}$/);
      }),
    );
  });

  it('differs for 10,000 origins and for their rounds', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => [
      sessionIdOf(`terminal:${i}`, 1),
      sessionIdOf(`terminal:${i}`, 2),
    ]).flat();
    expect(new Set(ids).size).toBe(20_000);
  });

  it('is not mixed up by digits that wander from the origin to the round', () => {
    expect(sessionIdOf('terminal:1', 11)).not.toBe(sessionIdOf('terminal:11', 1));
  });
});
