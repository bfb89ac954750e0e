import { describe, expect, it } from '@jest/globals';
import { Fault, isFault } from '@swe/domain';
import type { FaultKind, Ledger, ReservationKey } from '@swe/domain';
import { MemoryLedger } from '../memory/memory-ledger';
import { MemoryStore } from '../memory/memory-store';
import type { LedgerRecord } from '../memory/memory-store';
import { checkLedgerHistories } from './ledger-histories';
import { ledgerContract } from './ledger.contract';
import type { LedgerSubject } from './ledger.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';
import type { Breakers } from './run-contract';

function broken(changesOf: (ledger: Ledger, shared: MemoryStore) => Partial<Ledger>) {
  return (): { subject: LedgerSubject } => {
    const shared = new MemoryStore();
    const open = (): Ledger => {
      const ledger = new MemoryLedger(shared);
      return override<Ledger>(ledger, changesOf(ledger, shared));
    };
    return { subject: { ledger: open(), reopen: async () => open() } };
  };
}

const breakers: Breakers<LedgerSubject, keyof typeof ledgerContract> = {
  'a reservation is counted in every scope or in none': broken((ledger) => ({
    reserve: async (key, scopes, amount) => {
      try {
        await ledger.reserve(key, scopes, amount);
      } catch (error) {
        const others = scopes.filter(({ name }) => isFault(error, 'denied') && name !== error.scope);
        if (others.length > 0) await ledger.reserve(key, others, amount);
        throw error;
      }
    },
  })),
  'above a cap it is `denied` and names the first such scope; a scope without a cap is only counted': broken(
    (ledger) => ({ reserve: (key, scopes, amount) => ledger.reserve(key, scopes.toReversed(), amount) }),
  ),
  'a call that costs nothing is always allowed': broken((ledger) => ({
    reserve: async (key, scopes, amount) => {
      for (const { name, capNanoUsd = Infinity } of scopes) {
        if ((await committed(ledger, name)) > capNanoUsd) throw new Fault('denied', 'full', { scope: name });
      }
      await ledger.reserve(key, scopes, amount);
    },
  })),
  'an open key reserves once: a repeat changes nothing, another amount or other scopes are a `conflict`':
    broken((ledger) => ({
      reserve: async (key, scopes, amount) => {
        await ledger.release(key);
        await ledger.reserve(key, scopes, amount);
      },
    })),
  'a settled key is never reserved again: `conflict`': broken((ledger) => ({
    reserve: (...args) => ledger.reserve(...args).catch(unless('conflict')),
  })),
  'a released key can be reserved anew': broken((ledger) => ({
    release: async (key) => {
      if (await isOpen(ledger, key)) await ledger.settle(key, 0, false);
    },
  })),
  'settling replaces the reservation by what was spent, once: a second settle changes nothing': broken(
    (ledger, shared) => ({
      settle: async (key, spent, estimated) => {
        rewrite(shared, key, (record) => (record.state === 'settled' ? { state: 'open' } : {}));
        await ledger.settle(key, spent, estimated);
      },
    }),
  ),
  'a settle above the reservation is recorded, even above a cap; what comes later is `denied`': broken(
    (ledger) => ({
      settle: async (key, spent, estimated) => {
        const open = await ledger.listReserved(key.sessionId);
        const held = open.find((each) => each.key.callNumber === key.callNumber)?.amountNanoUsd ?? spent;
        await ledger.settle(key, Math.min(spent, held), estimated);
      },
    }),
  ),
  'settling a released key still records what was spent': broken((ledger) => ({
    settle: async (key, spent, estimated) => {
      await ledger.settle(key, (await isOpen(ledger, key)) ? spent : 0, estimated);
    },
  })),
  'settling an unknown key is `missing`': broken((ledger) => ({
    settle: (...args) => ledger.settle(...args).catch(unless('missing')),
  })),
  'releasing gives an open reservation back; of an unknown or settled key it changes nothing': broken(
    (_ledger, shared) => ({
      release: async (key) => rewrite(shared, key, () => ({ state: 'released', spentNanoUsd: 0 })),
    }),
  ),
  'reserved plus spent is never above a cap, however many reserve at once': broken((ledger) => ({
    reserve: async (key, scopes, amount) => {
      for (const { name, capNanoUsd = Infinity } of scopes) {
        const isOver = (await committed(ledger, name)) + amount > capNanoUsd;
        if (isOver) throw new Fault('denied', 'full', { scope: name });
      }
      const counted = scopes.map(({ name }) => ({ name }));
      await ledger.reserve(key, counted, amount);
    },
  })),
  'open reservations of a session are listed by call number, until settled or released': broken((ledger) => ({
    listReserved: async (sessionId) => {
      const byText = (a: number, b: number) => (`${a}` < `${b}` ? -1 : 1);
      const listed = await ledger.listReserved(sessionId);
      return listed.toSorted((a, b) => byText(a.key.callNumber, b.key.callNumber));
    },
  })),
  'what was reserved, settled or released outlives the process': () => ({
    subject: { ledger: new MemoryLedger(), reopen: async () => new MemoryLedger() },
  }),
  "a scope's report tells the estimated part; an unknown scope is all zero": broken((ledger) => ({
    report: async (scope) => ({ ...(await ledger.report(scope)), estimatedNanoUsd: 0 }),
  })),
  'an amount, or a sum, that is no non-negative safe integer is `invalid`; so are no scope, a scope twice, no call':
    broken((ledger) => ({
      reserve: (key, scopes, amount) => ledger.reserve(key, scopes, Math.max(0, Math.round(amount) || 0)),
    })),
};

proveBites('Ledger', ledgerContract, breakers);

describe('random histories bite', () => {
  // They hold no rivals and no wrong arguments.
  const unseen = [
    'reserved plus spent is never above a cap, however many reserve at once',
    'an amount, or a sum, that is no non-negative safe integer is `invalid`; so are no scope, a scope twice, no call',
  ];
  const seen = Object.entries(breakers).filter(([clause]) => !unseen.includes(clause));

  it.each(seen)('%s', async (_clause, open) => {
    await expect(checkLedgerHistories(open, { numRuns: 300, endOnFailure: true })).rejects.toThrow();
  });
});

async function committed(ledger: Ledger, scope: string): Promise<number> {
  const { reservedNanoUsd, spentNanoUsd } = await ledger.report(scope);
  return reservedNanoUsd + spentNanoUsd;
}

async function isOpen(ledger: Ledger, { sessionId, callNumber }: ReservationKey): Promise<boolean> {
  return (await ledger.listReserved(sessionId)).some(({ key }) => key.callNumber === callNumber);
}

function rewrite(
  { ledger }: MemoryStore,
  { sessionId, callNumber }: ReservationKey,
  changeOf: (record: LedgerRecord) => Partial<LedgerRecord>,
): void {
  for (const [id, record] of ledger) {
    const isIt = record.key.sessionId === sessionId && record.key.callNumber === callNumber;
    if (isIt) ledger.set(id, { ...record, ...changeOf(record) });
  }
}

function unless(kind: FaultKind) {
  return (error: unknown): void => {
    if (!isFault(error, kind)) throw error;
  };
}
