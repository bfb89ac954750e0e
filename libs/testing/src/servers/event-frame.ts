import { crc32 } from 'node:zlib';

const STRING = 7;

/**
 * One message of `application/vnd.amazon.eventstream`, with string headers only: its length and that of its headers,
 * their checksum, headers, payload, the checksum of all of it. Numbers are big-endian, checksums CRC-32.
 * https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html
 */
export function eventFrame(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const totalBytes = 16 + head.length + payload.length;
  const prelude = Buffer.concat([uint32(totalBytes), uint32(head.length)]);
  const checked = Buffer.concat([prelude, uint32(crc32(prelude)), head, payload]);
  return Buffer.concat([checked, uint32(crc32(checked))]);
}

function header(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([
    Buffer.of(Buffer.byteLength(name)),
    Buffer.from(name),
    Buffer.of(STRING),
    length,
    bytes,
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
