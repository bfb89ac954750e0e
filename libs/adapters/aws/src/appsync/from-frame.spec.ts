import { expect, it } from '@jest/globals';
import { fromFrame } from './from-frame';

/** As https://docs.aws.amazon.com/appsync/latest/eventapi/event-api-websocket-protocol.html shows them. */
it.each([
  { type: 'connection_ack', connectionTimeoutMs: 300_000 },
  { type: 'ka' },
  { type: 'subscribe_success', id: 'eEXAMPLE-cf23-1234-5678-152EXAMPLE69' },
  {
    type: 'subscribe_error',
    id: 'e1',
    errors: [{ errorType: 'SubscriptionProcessingError', message: 'why' }],
  },
  { type: 'data', id: 'e1', event: '"my event content"' },
  { type: 'data', id: 'e1', event: ['{"a":1}'] },
  { type: 'connection_error', errors: [{ errorType: 'BadRequestException', message: 'why' }] },
])('%j is understood', (frame) => {
  expect(fromFrame(JSON.stringify(frame))).toEqual(frame);
});

it.each([
  '{"type":"unsubscribe_success","id":"e1"}',
  '{"type":"something_new"}',
  '{"type":"connection_ack"}',
  '{"type":"data","id":"e1"}',
  '[]',
  'no JSON',
  '',
])('%s says nothing to a subscriber', (text) => {
  expect(fromFrame(text)).toBeUndefined();
});
