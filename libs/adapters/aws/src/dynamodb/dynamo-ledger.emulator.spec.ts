import { expect, it } from '@jest/globals';
import { isFault } from '@swe/domain';
import { ledgerContract, runContract, runLedgerHistories } from '@swe/testing/contracts';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { loseAnswers, openTable, openTableAgain } from './dynamo-fixture';
import type { OpenTable } from './dynamo-fixture';
import { DynamoLedger } from './dynamo-ledger';

const emulator = useEmulator(openDynamoDbLocal);

/** A crashed ledger's client stays open until the end: nobody was there to close it. */
async function open() {
  const first = await openTable(emulator.endpoint);
  const tables: OpenTable[] = [first];
  return {
    subject: {
      ledger: new DynamoLedger(first.table),
      reopen: async () => {
        const again = openTableAgain(emulator.endpoint, first.tableName);
        tables.push(again);
        return new DynamoLedger(again.table);
      },
    },
    close: async () => {
      await Promise.all(tables.map((table) => table.close()));
    },
  };
}

runContract('DynamoLedger', ledgerContract, open);

runLedgerHistories('DynamoLedger', open, { numRuns: 20 });

it('many processes fill a cap to the last call that fits, and no further', async () => {
  const first = await openTable(emulator.endpoint);
  const others = Array.from({ length: 4 }, () => openTableAgain(emulator.endpoint, first.tableName));
  const scopes = [{ name: 'month:2026-11' }, { name: 'requester:local:ada', capNanoUsd: 100 }];
  const tries = others.flatMap(({ table }, i) =>
    Array.from({ length: 6 }, (_, n) =>
      new DynamoLedger(table).reserve({ sessionId: `s${i}`, callNumber: n + 1 }, scopes, 7),
    ),
  );
  const ends = await Promise.allSettled(tries);
  const granted = ends.filter(({ status }) => status === 'fulfilled').length;
  expect(granted).toBe(14);
  expect(ends.every((end) => end.status === 'fulfilled' || isFault(end.reason, 'denied'))).toBe(true);
  const report = { reservedNanoUsd: 98, spentNanoUsd: 0, estimatedNanoUsd: 0 };
  for (const { name } of scopes) expect(await new DynamoLedger(first.table).report(name)).toEqual(report);
  await Promise.all([first, ...others].map((each) => each.close()));
});

it('writes whose answer is lost are done once', async () => {
  const { table, client, close } = await openTable(emulator.endpoint);
  const ledger = new DynamoLedger(table);
  const losing = loseAnswers(client);
  const scopes = [{ name: 'session:s1', capNanoUsd: 10 }];
  const [paid, unused] = [1, 2].map((callNumber) => ({ sessionId: 's1', callNumber }));
  losing.left = 1;
  await ledger.reserve(paid!, scopes, 6);
  losing.left = 1;
  await ledger.settle(paid!, 4, true);
  losing.left = 1;
  await ledger.reserve(unused!, scopes, 6);
  losing.left = 1;
  await ledger.release(unused!);
  expect(await ledger.report('session:s1')).toEqual({
    reservedNanoUsd: 0,
    spentNanoUsd: 4,
    estimatedNanoUsd: 4,
  });
  await close();
});
