import { expect, it } from '@jest/globals';
import { isFault } from '@swe/domain';
import type { Ledger, LedgerScope, ReservationKey } from '@swe/domain';
import fc from 'fast-check';
import type { LedgerSubject } from './ledger.contract';
import { LedgerModel } from './ledger-model';
import type { LedgerEnd } from './ledger-model';
import type { Opened } from './run-contract';

type Open = () => Promise<Opened<LedgerSubject>> | Opened<LedgerSubject>;

/** How many histories, and whether the first that fails is reported as it is instead of being made smaller. */
export interface LedgerRuns {
  readonly numRuns: number;
  readonly endOnFailure?: boolean;
}

type Action =
  | { readonly does: 'reserve'; readonly key: ReservationKey; readonly scopes: LedgerScope[]; amount: number }
  | { readonly does: 'settle'; readonly key: ReservationKey; readonly amount: number; estimated: boolean }
  | { readonly does: 'release'; readonly key: ReservationKey }
  | { readonly does: 'crash' };

const SCOPES: readonly LedgerScope[] = [
  { name: 'session:s1', capNanoUsd: 12 },
  { name: 'requester:local:ada', capNanoUsd: 20 },
  { name: 'month:2026-11' },
];
const SESSIONS = ['s1', 's2'];

// Few keys and small caps, so that actions meet each other and the caps.
const key = fc.record({
  sessionId: fc.constantFrom(...SESSIONS),
  callNumber: fc.constantFrom(1, 2, 3, 9, 10),
});
const amount = fc.integer({ min: 0, max: 6 });
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('reserve'),
      key,
      scopes: fc.shuffledSubarray([...SCOPES], { minLength: 1 }),
      amount,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('settle'), key, amount, estimated: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('release'), key }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('crash') }) },
);
const history = fc.array(action, { maxLength: 40, size: 'max' });

/** Checks a ledger against the model: random histories give the same ends, reports and open reservations. */
export function runLedgerHistories(name: string, open: Open, runs: LedgerRuns): void {
  it(`${name} does what the model does, over ${runs.numRuns} random histories`, async () => {
    await checkLedgerHistories(open, runs);
  }, 60_000);
}

export async function checkLedgerHistories(open: Open, runs: LedgerRuns): Promise<void> {
  const property = fc.asyncProperty(history, async (actions) => {
    const { subject, close } = await open();
    try {
      await play(subject, actions);
    } finally {
      await close?.();
    }
  });
  await fc.assert(property, runs);
}

async function play({ ledger, reopen }: LedgerSubject, actions: readonly Action[]): Promise<void> {
  const model = new LedgerModel();
  let current = ledger;
  for (const each of actions) {
    if (each.does === 'crash') current = await reopen();
    else expect(await actualEnd(current, each)).toBe(expectedEnd(model, each));
    await expectSame(current, model);
  }
}

async function expectSame(ledger: Ledger, model: LedgerModel): Promise<void> {
  for (const { name, capNanoUsd = Infinity } of SCOPES) {
    const report = await ledger.report(name);
    expect(report).toEqual(model.report(name));
    const committed = report.reservedNanoUsd + report.spentNanoUsd;
    expect(committed).toBeLessThanOrEqual(capNanoUsd + model.overshot(name));
  }
  for (const id of SESSIONS) expect(await ledger.listReserved(id)).toEqual(model.listReserved(id));
}

type Call = Exclude<Action, { does: 'crash' }>;

async function actualEnd(ledger: Ledger, call: Call): Promise<LedgerEnd> {
  try {
    await actOn(ledger, call);
    return 'done';
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.scope === undefined ? error.kind : `${error.kind} ${error.scope}`;
  }
}

function actOn(ledger: Ledger, call: Call): Promise<void> {
  if (call.does === 'reserve') return ledger.reserve(call.key, call.scopes, call.amount);
  if (call.does === 'settle') return ledger.settle(call.key, call.amount, call.estimated);
  return ledger.release(call.key);
}

function expectedEnd(model: LedgerModel, call: Call): LedgerEnd {
  if (call.does === 'reserve') return model.reserve(call.key, call.scopes, call.amount);
  if (call.does === 'settle') return model.settle(call.key, call.amount, call.estimated);
  return model.release(call.key);
}
