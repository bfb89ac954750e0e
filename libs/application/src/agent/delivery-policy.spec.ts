import { expect, it } from '@jest/globals';
import { afterDeliveryFailure } from './delivery-policy';

const fault = (kind: Parameters<typeof afterDeliveryFailure>[0]['kind'], retryAfterMs?: number) => ({
  kind,
  retryAfterMs,
});

it.each(['invalid', 'denied', 'missing'] as const)('%s is never asked again', (kind) => {
  expect(afterDeliveryFailure(fault(kind), 1, 0, 0.5)).toEqual({ do: 'refuse' });
});

it.each([
  ['the first pause is at most a second', fault('transient'), 1, 0.5, 500],
  ['it doubles with each try', fault('transient'), 4, 0.5, 4_000],
  ['up to five minutes', fault('transient'), 99, 0.5, 150_000],
  ['what the chat asked for is a minimum', fault('throttled', 30_000), 1, 0, 30_000],
  ['somebody else at it is a reason to wait', fault('conflict'), 1, 0.5, 500],
] as const)('%s', (_name, failure, attempt, fraction, afterMs) => {
  expect(afterDeliveryFailure(failure, attempt, 7, fraction)).toEqual({ do: 'retry', atMs: 7 + afterMs });
});
