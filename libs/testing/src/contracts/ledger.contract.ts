import { expect } from '@jest/globals';
import type { Ledger, LedgerReport, LedgerScope, ReservationKey } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface LedgerSubject {
  readonly ledger: Ledger;
  /** The same data as another process finds it, while the one before has stopped without a word. */
  reopen(): Promise<Ledger>;
}

const session: LedgerScope = { name: 'session:s1', capNanoUsd: 10 };
const requester: LedgerScope = { name: 'requester:local:ada', capNanoUsd: 100 };
const month: LedgerScope = { name: 'month:2026-11' };

export const ledgerContract = {
  async 'a reservation is counted in every scope or in none'({ ledger }) {
    const scopes = [month, session, requester];
    await ledger.reserve(call(1), scopes, 7);
    for (const { name } of scopes) expect(await ledger.report(name)).toEqual(figures(7, 0));
    await expectFault(ledger.reserve(call(2), scopes, 4), 'denied');
    for (const { name } of scopes) expect(await ledger.report(name)).toEqual(figures(7, 0));
    await expectFault(ledger.settle(call(2), 4, false), 'missing');
  },

  async 'above a cap it is `denied` and names the first such scope; a scope without a cap is only counted'({
    ledger,
  }) {
    await ledger.reserve(call(1), [month], 1_000_000);
    await ledger.reserve(call(2), [month, session], 10);
    const tight = { ...requester, capNanoUsd: 0 };
    const denied = await expectFault(ledger.reserve(call(3), [month, session, tight], 1), 'denied');
    expect(denied.scope).toBe(session.name);
    const other = await expectFault(ledger.reserve(call(3), [tight, month, session], 1), 'denied');
    expect(other.scope).toBe(tight.name);
    expect(await ledger.report(month.name)).toEqual(figures(1_000_010, 0));
    await ledger.reserve(call(3), [{ ...session, capNanoUsd: 11 }], 1);
  },

  async 'a call that costs nothing is always allowed'({ ledger }) {
    await ledger.reserve(call(1), [{ ...session, capNanoUsd: 0 }], 0);
    await ledger.reserve(call(2), [session], 10);
    await ledger.settle(call(2), 20, false);
    await ledger.reserve(call(3), [session], 0);
    expect(await calls(ledger)).toEqual([1, 3]);
  },

  async 'an open key reserves once: a repeat changes nothing, another amount or other scopes are a `conflict`'({
    ledger,
  }) {
    await ledger.reserve(call(1), [session, month], 6);
    await ledger.reserve(call(1), [month, session], 6);
    await ledger.reserve(call(1), [session, { ...month, capNanoUsd: 1 }], 6);
    await expectFault(ledger.reserve(call(1), [session, month], 3), 'conflict');
    await expectFault(ledger.reserve(call(1), [session], 6), 'conflict');
    await expectFault(ledger.reserve(call(1), [session, month, requester], 6), 'conflict');
    for (const { name } of [session, month]) expect(await ledger.report(name)).toEqual(figures(6, 0));
    expect(await ledger.report(requester.name)).toEqual(figures(0, 0));
  },

  async 'a settled key is never reserved again: `conflict`'({ ledger }) {
    await ledger.reserve(call(1), [session], 2);
    await ledger.settle(call(1), 2, false);
    await expectFault(ledger.reserve(call(1), [session], 2), 'conflict');
    await ledger.release(call(1));
    await expectFault(ledger.reserve(call(1), [session], 2), 'conflict');
    expect(await ledger.report(session.name)).toEqual(figures(0, 2));
  },

  async 'a released key can be reserved anew'({ ledger }) {
    await ledger.reserve(call(1), [session], 9);
    await ledger.release(call(1));
    await ledger.reserve(call(1), [session, month], 10);
    for (const { name } of [session, month]) expect(await ledger.report(name)).toEqual(figures(10, 0));
    await ledger.settle(call(1), 3, false);
    for (const { name } of [session, month]) expect(await ledger.report(name)).toEqual(figures(0, 3));
  },

  async 'settling replaces the reservation by what was spent, once: a second settle changes nothing'({
    ledger,
  }) {
    await ledger.reserve(call(1), [session, month], 8);
    await ledger.settle(call(1), 3, false);
    await ledger.settle(call(1), 3, false);
    await ledger.settle(call(1), 5, true);
    for (const { name } of [session, month]) expect(await ledger.report(name)).toEqual(figures(0, 3));
    await ledger.reserve(call(2), [session], 7);
  },

  async 'a settle above the reservation is recorded, even above a cap; what comes later is `denied`'({
    ledger,
  }) {
    await ledger.reserve(call(1), [session], 8);
    await ledger.settle(call(1), 15, false);
    expect(await ledger.report(session.name)).toEqual(figures(0, 15));
    const denied = await expectFault(ledger.reserve(call(2), [session], 1), 'denied');
    expect(denied.scope).toBe(session.name);
  },

  async 'settling a released key still records what was spent'({ ledger }) {
    await ledger.reserve(call(1), [session, month], 8);
    await ledger.release(call(1));
    await ledger.settle(call(1), 5, true);
    await ledger.settle(call(1), 6, false);
    for (const { name } of [session, month]) expect(await ledger.report(name)).toEqual(figures(0, 5, 5));
    await expectFault(ledger.reserve(call(1), [session, month], 8), 'conflict');
  },

  async 'settling an unknown key is `missing`'({ ledger }) {
    await ledger.reserve(call(1), [session], 8);
    await expectFault(ledger.settle(call(2), 1, false), 'missing');
    await expectFault(ledger.settle(call(1, 's2'), 1, false), 'missing');
    expect(await ledger.report(session.name)).toEqual(figures(8, 0));
  },

  async 'releasing gives an open reservation back; of an unknown or settled key it changes nothing'({
    ledger,
  }) {
    await ledger.reserve(call(1), [session, month], 8);
    await ledger.reserve(call(2), [session, month], 2);
    await ledger.settle(call(2), 1, false);
    await ledger.release(call(2));
    await ledger.release(call(3));
    await ledger.release(call(1, 's2'));
    for (const { name } of [session, month]) expect(await ledger.report(name)).toEqual(figures(8, 1));
    await ledger.release(call(1));
    await ledger.release(call(1));
    for (const { name } of [session, month]) expect(await ledger.report(name)).toEqual(figures(0, 1));
  },

  async 'reserved plus spent is never above a cap, however many reserve at once'({ ledger, reopen }) {
    await ledger.reserve(call(1), [session], 1);
    await ledger.settle(call(1), 1, false);
    const handles = [ledger, await reopen()];
    const rivals = Array.from({ length: 10 }, (_, i) =>
      handles.map((each, h) => each.reserve(call(i + 2, `s${h + 1}`), [session, month], 2)),
    ).flat();
    const ended = await Promise.allSettled(rivals);
    const refusals = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refusals).toHaveLength(16);
    for (const each of refusals) expect(each).toMatchObject({ kind: 'denied', scope: session.name });
    expect(await ledger.report(session.name)).toEqual(figures(8, 1));
    expect(await ledger.report(month.name)).toEqual(figures(8, 0));
  },

  async 'open reservations of a session are listed by call number, until settled or released'({ ledger }) {
    for (const n of [10, 9, 2, 1]) await ledger.reserve(call(n), [month], n);
    await ledger.reserve(call(3, 's10'), [month], 3);
    const open = [1, 2, 9, 10].map((n) => ({ key: call(n), amountNanoUsd: n }));
    expect(await ledger.listReserved('s1')).toEqual(open);
    await ledger.settle(call(2), 2, false);
    await ledger.release(call(10));
    expect(await calls(ledger)).toEqual([1, 9]);
    await ledger.reserve(call(10), [month], 4);
    expect(await calls(ledger)).toEqual([1, 9, 10]);
    expect(await ledger.listReserved('s2')).toEqual([]);
  },

  async 'what was reserved, settled or released outlives the process'({ ledger, reopen }) {
    for (const n of [1, 2, 3]) await ledger.reserve(call(n), [session], n);
    await ledger.settle(call(2), 5, true);
    await ledger.release(call(3));
    const next = await reopen();
    expect(await next.report(session.name)).toEqual(figures(1, 5, 5));
    expect(await next.listReserved('s1')).toEqual([{ key: call(1), amountNanoUsd: 1 }]);
    await expectFault(next.reserve(call(2), [session], 2), 'conflict');
    await expectFault(next.reserve(call(4), [session], 5), 'denied');
    await next.settle(call(3), 1, false);
    await next.settle(call(1), 1, false);
    expect(await next.report(session.name)).toEqual(figures(0, 7, 5));
  },

  async "a scope's report tells the estimated part; an unknown scope is all zero"({ ledger }) {
    for (const n of [1, 2, 3]) await ledger.reserve(call(n), [session], 3);
    await ledger.settle(call(1), 1, false);
    await ledger.settle(call(2), 2, true);
    expect(await ledger.report(session.name)).toEqual(figures(3, 3, 2));
    expect(await ledger.report(month.name)).toEqual(figures(0, 0));
  },

  async 'an amount, or a sum, that is no non-negative safe integer is `invalid`; so are no scope, a scope twice, no call'({
    ledger,
  }) {
    await ledger.reserve(call(1), [session], 3);
    for (const amount of [-1, 0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1]) {
      await expectFault(ledger.reserve(call(2), [session], amount), 'invalid');
      await expectFault(ledger.reserve(call(2), [{ ...session, capNanoUsd: amount }], 1), 'invalid');
      await expectFault(ledger.settle(call(1), amount, false), 'invalid');
    }
    await expectFault(ledger.reserve(call(2), [], 1), 'invalid');
    await expectFault(ledger.reserve(call(2), [session, month, session], 1), 'invalid');
    for (const n of [0, 1.5, NaN]) await expectFault(ledger.reserve(call(n), [session], 1), 'invalid');
    expect(await ledger.report(session.name)).toEqual(figures(3, 0));

    await ledger.reserve(call(4), [month], Number.MAX_SAFE_INTEGER - 1);
    await ledger.reserve(call(5), [month, requester], 1);
    await expectFault(ledger.reserve(call(6), [requester, month], 1), 'invalid');
    await expectFault(ledger.settle(call(5), 2, false), 'invalid');
    expect(await ledger.report(requester.name)).toEqual(figures(1, 0));
    expect(await ledger.report(month.name)).toEqual(figures(Number.MAX_SAFE_INTEGER, 0));
  },
} satisfies Contract<LedgerSubject>;

function call(callNumber: number, sessionId = 's1'): ReservationKey {
  return { sessionId, callNumber };
}

function figures(reservedNanoUsd: number, spentNanoUsd: number, estimatedNanoUsd = 0): LedgerReport {
  return { reservedNanoUsd, spentNanoUsd, estimatedNanoUsd };
}

async function calls(ledger: Ledger): Promise<readonly number[]> {
  return (await ledger.listReserved('s1')).map(({ key }) => key.callNumber);
}
