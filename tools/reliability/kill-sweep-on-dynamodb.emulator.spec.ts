import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { openDynamoDbLocal, useEmulator } from '@swe/testing/servers';
import { openDynamoStore } from './dynamo-world-store';
import { sampleKillPoints, sweepSample } from './kill-sample';
import type { JobOptions } from './kill-sweep';
import { PROTECTIONS } from './protection';
import { NO_VIOLATIONS } from './verdict';

jest.setTimeout(300_000);

const SEED = 1;
/** What a job asks of its ports changes with the product, and with it how many kinds of calls there are to die at. */
const TRIALS = 60;
const TRIALS_OF_THE_CONTROL = 5;

const emulator = useEmulator(openDynamoDbLocal);
let client: DynamoDBClient;

beforeAll(() => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new DynamoDBClient({ endpoint: emulator.endpoint, region: 'eu-west-1', credentials });
});

afterAll(() => client.destroy());

const onDynamo: JobOptions = { openStore: () => openDynamoStore(client) };

it(`a job whose store is DynamoDB ends in one answer and one pull request, whoever dies when (${TRIALS} trials at least)`, async () => {
  const { trials, failures } = await sweepSample(await sampleKillPoints(SEED), onDynamo);
  expect(failures.filter(({ point }) => point.mishap !== 'freeze')).toEqual([]);
  // As in memory: what was taken for dead and goes on writes nothing; only its post under way may double.
  for (const { violations } of failures) {
    expect(violations).toEqual({ ...NO_VIOLATIONS, unavoidablyDoubled: 1 });
  }
  expect(trials).toBeGreaterThanOrEqual(TRIALS);
});

it(`it shows when not ${PROTECTIONS.fence.name} (${TRIALS_OF_THE_CONTROL} trials at least)`, async () => {
  const points = await sampleKillPoints(SEED);
  const frozen = points.filter(
    ({ call, mishap }) => mishap === 'freeze' && call.process.startsWith('worker'),
  );
  const { trials, violations } = await sweepSample(frozen, { ...onDynamo, without: PROTECTIONS.fence });
  expect(violations.zombieWrites).toBeGreaterThan(0);
  expect(trials).toBeGreaterThanOrEqual(TRIALS_OF_THE_CONTROL);
});
