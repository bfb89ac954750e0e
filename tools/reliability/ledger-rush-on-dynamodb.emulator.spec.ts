import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { openDynamoStore } from './dynamo-world-store';
import { expectLedgerEqualsBill } from './expect-ledger-equals-bill';
import { ledgerRush } from './ledger-rush';

jest.setTimeout(300_000);

const SESSIONS = 1_000;

const emulator = useEmulator(openDynamoDbLocal);
let client: DynamoDBClient;

beforeAll(() => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  // More calls than connections: they wait for one, and nobody need be warned of that.
  const requestHandler = { socketAcquisitionWarningTimeout: 300_000 };
  client = new DynamoDBClient({
    endpoint: emulator.endpoint,
    region: 'eu-west-1',
    credentials,
    requestHandler,
  });
});

afterAll(() => client.destroy());

it('a thousand model calls at once against one cap in DynamoDB never go above it, and the ledger equals the bill, whoever dies', async () => {
  const { ledger, close } = await openDynamoStore(client);
  const result = await ledgerRush([ledger], 1, { sessions: SESSIONS, lookEvery: 10 });
  expectLedgerEqualsBill(result);
  expect(result.mostNanoUsd).toBeLessThanOrEqual(result.capNanoUsd);
  expect(result.deaths).toBeGreaterThan(SESSIONS / 10);
  expect(result.denied).toBeGreaterThan(SESSIONS / 10);
  await close();
});
