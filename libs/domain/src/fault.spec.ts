import { describe, expect, it } from '@jest/globals';
import { Fault, isFault } from './fault';
import type { FaultKind } from './fault';

describe('a fault', () => {
  it('carries its kind, its words and its cause', () => {
    const cause = new TypeError('socket hang up');
    const fault = new Fault('throttled', 'slow down', { cause, retryAfterMs: 500 });
    expect(fault).toMatchObject({
      name: 'Fault',
      kind: 'throttled',
      message: 'slow down',
      retryAfterMs: 500,
    });
    expect(fault.cause).toBe(cause);
    expect(fault).toBeInstanceOf(Error);
  });

  it('of a cap names the scope', () => {
    expect(new Fault('denied', 'too much', { scope: 'month:2026-11' }).scope).toBe('month:2026-11');
    expect(new Fault('denied', 'not yours').scope).toBeUndefined();
  });

  it('has no cause of its own making', () => {
    expect('cause' in new Fault('missing', 'gone')).toBe(false);
  });

  it.each<[string, unknown, readonly FaultKind[], boolean]>([
    ['a fault, of any kind', new Fault('missing', ''), [], true],
    ['a fault of the kind that is asked for', new Fault('missing', ''), ['missing'], true],
    ['a fault of one of the kinds', new Fault('missing', ''), ['denied', 'missing'], true],
    ['no fault of another kind', new Fault('missing', ''), ['denied', 'invalid'], false],
    ['no other error', new Error('missing'), [], false],
    ['nothing that only looks like one', { name: 'Fault', kind: 'missing' }, ['missing'], false],
    ['nothing that is thrown as undefined', undefined, [], false],
  ])('is recognised: %s', (_name, error, kinds, expected) => {
    expect(isFault(error, ...kinds)).toBe(expected);
  });
});
