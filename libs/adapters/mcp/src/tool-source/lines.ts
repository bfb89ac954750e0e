const NEWLINE = 0x0a;

/** Lines of a stream of bytes, none of which may be longer than `maxBytes`: a longer one throws a `RangeError`. */
export function createLines(maxBytes: number): (chunk: Uint8Array) => readonly string[] {
  let pending: Buffer[] = [];
  let bytes = 0;

  function take(): string {
    const line = Buffer.concat(pending).toString();
    pending = [];
    bytes = 0;
    return line;
  }

  function keep(part: Buffer): void {
    bytes += part.length;
    if (bytes > maxBytes) throw new RangeError(`a message of more than ${maxBytes} bytes`);
    pending.push(part);
  }

  return (chunk) => {
    const lines: string[] = [];
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      keep(rest.subarray(0, end));
      lines.push(take());
      rest = rest.subarray(end + 1);
    }
    keep(rest);
    return lines;
  };
}
