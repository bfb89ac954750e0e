import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FaultKind } from '@swe/domain';
import { afterModelFailure, DEFAULT_PATIENCE } from './model-trouble-policy';
import type { ModelTrouble } from './model-trouble-policy';

const { retryForMs, longestPauseMs, parkMs } = DEFAULT_PATIENCE;
/** What a failing call itself takes. */
const CALL_MS = 200;
const trouble: ModelTrouble = {
  kind: 'transient',
  retryAfterMs: undefined,
  failures: 1,
  sinceMs: 0,
  modelsLeft: 0,
  othersMayAnswer: false,
};
const decide = (over: Partial<ModelTrouble>, nowMs = 0, fraction = 0.5) =>
  afterModelFailure({ ...trouble, ...over }, DEFAULT_PATIENCE, nowMs, fraction);

describe('a model call that failed', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [100, longestPauseMs / 2],
  ])('for the %ith time in a row is made again after %i ms', (failures, afterMs) => {
    expect(decide({ failures })).toEqual({ do: 'retry', afterMs });
  });

  it('waits at least as long as the provider asked for', () => {
    expect(decide({ kind: 'throttled', retryAfterMs: 20_000 }, 0, 0)).toEqual({
      do: 'retry',
      afterMs: 20_000,
    });
  });

  it.each<[string, Partial<ModelTrouble>, number]>([
    ['for too long', {}, retryForMs],
    ['and is to be left alone for longer than there is patience', { retryAfterMs: retryForMs + 1 }, 0],
  ])('%s goes to the next model, or puts the session down', (_name, over, nowMs) => {
    expect(decide({ ...over, modelsLeft: 1 }, nowMs)).toEqual({ do: 'next-model' });
    expect(decide(over, nowMs)).toEqual({ do: 'park', untilMs: expect.any(Number) });
  });

  it.each<FaultKind>(['denied', 'invalid', 'missing', 'cancelled'])(
    'because it is %s is not made again: the next model, or an end',
    (kind) => {
      expect(decide({ kind, modelsLeft: 1 })).toEqual({ do: 'next-model' });
      expect(decide({ kind })).toEqual({ do: 'give-up' });
    },
  );

  it('for good puts the session down when another model may answer later', () => {
    const denied = { kind: 'denied', othersMayAnswer: true } as const;
    expect(decide(denied)).toEqual({ do: 'park', untilMs: parkMs });
    expect(decide({ ...denied, modelsLeft: 1 })).toEqual({ do: 'next-model' });
  });

  it('never waits beyond its patience, and always comes to an end', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 2 * retryForMs }), { nil: undefined }),
        (fraction, retryAfterMs) => {
          let nowMs = 0;
          for (let failures = 1; failures < 1_000; failures += 1) {
            const decision = decide({ failures, retryAfterMs }, nowMs, fraction);
            if (decision.do === 'park')
              return expect(decision.untilMs - nowMs).toBeGreaterThanOrEqual(parkMs);
            if (decision.do !== 'retry') throw new Error(decision.do);
            expect(nowMs + decision.afterMs).toBeLessThanOrEqual(retryForMs);
            nowMs += decision.afterMs + CALL_MS;
          }
          throw new Error('no end');
        },
      ),
    );
  });
});
