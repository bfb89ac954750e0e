import { EventStreamCodec } from '@smithy/core/event-streams';
import { describe, expect, it } from '@jest/globals';
import { eventFrame } from './event-frame';

const PAYLOAD = Buffer.from("{'foo':'bar'}");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The vendor's own: https://github.com/awslabs/aws-c-event-stream/blob/main/tests/message_deserializer_test.c */
describe('a frame has the bytes of the vendor’s tests', () => {
  it('with nothing in it', () => {
    expect(hex(eventFrame({}, new Uint8Array()))).toBe('000000100000000005c248eb7d98c8ff');
  });

  it('with a payload', () => {
    expect(hex(eventFrame({}, PAYLOAD))).toBe(`0000001d00000000fd528c5a${hex(PAYLOAD)}c3653936`);
  });

  it('with a header and a payload', () => {
    const name = hex(Buffer.from('content-type'));
    const value = hex(Buffer.from('application/json'));
    const header = `0c${name}070010${value}`;
    expect(hex(eventFrame({ 'content-type': 'application/json' }, PAYLOAD))).toBe(
      `0000003d0000002007fd8396${header}${hex(PAYLOAD)}8d9c08b1`,
    );
  });
});

it('a frame is read by the vendor’s own decoder, umlauts and all', () => {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString(),
    (text) => Buffer.from(text),
  );
  const { headers, body } = codec.decode(eventFrame({ ':event-type': 'größe' }, Buffer.from('{"a":"ü"}')));
  expect(headers).toEqual({ ':event-type': { type: 'string', value: 'größe' } });
  expect(Buffer.from(body).toString()).toBe('{"a":"ü"}');
});
