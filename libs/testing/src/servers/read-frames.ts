/** A message of an event stream: its headers, its payload as JSON. */
export interface ReadFrame {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
}

/**
 * The messages of `application/vnd.amazon.eventstream`, read by their lengths alone; a frame that is cut off is left
 * out.
 */
export function readFrames(stream: Uint8Array): readonly ReadFrame[] {
  const frames: ReadFrame[] = [];
  let rest = Buffer.from(stream);
  while (rest.length >= 16 && rest.length >= rest.readUInt32BE(0)) {
    const totalBytes = rest.readUInt32BE(0);
    const headerBytes = rest.readUInt32BE(4);
    frames.push({
      headers: readHeaders(rest.subarray(12, 12 + headerBytes)),
      payload: JSON.parse(rest.subarray(12 + headerBytes, totalBytes - 4).toString()),
    });
    rest = rest.subarray(totalBytes);
  }
  return frames;
}

function readHeaders(bytes: Buffer): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
    headers[bytes.subarray(at + 1, nameEnd).toString()] = bytes.subarray(nameEnd + 3, valueEnd).toString();
    at = valueEnd;
  }
  return headers;
}
