import { expect } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';

/** Passes when `promise` rejects with a `Fault` of `kind`, and returns it. */
export async function expectFault(promise: Promise<unknown>, kind: FaultKind): Promise<Fault> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  const fault = error as Fault;
  expect(fault.kind).toBe(kind);
  return fault;
}
