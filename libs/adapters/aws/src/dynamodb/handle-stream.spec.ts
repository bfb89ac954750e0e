import { describe, expect, it } from '@jest/globals';
import { handleStream, isStreamEvent } from './handle-stream';

/**
 * A record as Lambda is given it, from the example of
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-example.html, with our keys.
 */
function record(sequenceNumber: string, pk: string, sk: string, change: object = {}, image: object = {}) {
  return {
    eventID: '1',
    eventVersion: '1.0',
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: sk } },
      NewImage: { pk: { S: pk }, sk: { S: sk }, ...image },
      StreamViewType: 'NEW_IMAGE',
      SequenceNumber: sequenceNumber,
      SizeBytes: 26,
    },
    awsRegion: 'us-west-2',
    eventName: 'INSERT',
    eventSourceARN: 'arn:aws:dynamodb:us-west-2:111122223333:table/swe/stream/2026-01-01T00:00:00.000',
    eventSource: 'aws:dynamodb',
    ...change,
  };
}

const message = (number: string, session: string, seq = '000000000001') =>
  record(number, `session/${session}`, `inbox/${seq}`);

async function handled(records: readonly object[], unreachable: readonly string[] = []) {
  const looked: string[] = [];
  const logged: string[] = [];
  const response = await handleStream(
    { Records: records },
    {
      look: async (sessionId) => {
        looked.push(sessionId);
        return !unreachable.includes(sessionId);
      },
      logger: { error: (event) => void logged.push(event) },
    },
  );
  return { looked, logged, failed: response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe('a batch of the stream', () => {
  it('has each session that got messages looked at once', async () => {
    const batch = [message('11', 's1'), message('12', 's2'), message('13', 's1', '000000000002')];
    expect(await handled(batch)).toEqual({ looked: ['s1', 's2'], logged: [], failed: [] });
  });

  it('names the records of a session that could not be asked about, and only those', async () => {
    const batch = [message('11', 's1'), message('12', 's2'), message('13', 's1', '000000000002')];
    expect((await handled(batch, ['s1'])).failed).toEqual(['11', '13']);
  });

  const unleased = { isUnleased: { BOOL: true } };
  it.each<[string, object, readonly string[]]>([
    ['a post without a lease', record('1', 'session/s1', 'outbox/k', {}, unleased), ['s1']],
    ['a post that its lease’s holder delivers', record('1', 'session/s1', 'outbox/k'), []],
    ['a post that changes', record('1', 'session/s1', 'outbox/k', { eventName: 'MODIFY' }, unleased), []],
    ['a message that is edited', { ...message('1', 's1'), eventName: 'MODIFY' }, []],
    ['a message that is removed', { ...message('1', 's1'), eventName: 'REMOVE' }, []],
    ['a session', record('1', 'session/s1', 'session'), []],
    ['an entry of the journal', record('1', 'session/s1', 'journal/000000000001'), []],
    ['another partition', record('1', 'seen/inbox/1', 'inbox/1'), []],
  ])('of %s', async (_name, one, looked) => {
    expect(await handled([one])).toEqual({ looked, logged: [], failed: [] });
  });

  it('passes over a record that cannot be read, and says so', async () => {
    const broken = { eventSource: 'aws:dynamodb', eventName: 'INSERT', dynamodb: {} };
    const { looked, logged, failed } = await handled([broken, message('12', 's2')]);
    expect({ looked, logged, failed }).toEqual({ looked: ['s2'], logged: ['record.unreadable'], failed: [] });
  });
});

it('a batch is told from what a schedule sends', () => {
  expect(isStreamEvent({ Records: [message('1', 's1')] })).toBe(true);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/events/EventTypes.html#schedule_event_type
  const schedule = { version: '0', source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
  expect(isStreamEvent(schedule)).toBe(false);
  expect(isStreamEvent({})).toBe(false);
});
