/**
 * The end of a text, at most `maxBytes` and from the beginning of a line on where it is cut. Memory stays bounded
 * however much comes.
 */
export async function readTail(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  let kept: Uint8Array[] = [];
  let size = 0;
  let isCut = false;
  for await (const chunk of bytes) {
    kept.push(chunk);
    size += chunk.length;
    if (size <= 2 * maxBytes) continue;
    const tail = Buffer.concat(kept).subarray(-maxBytes);
    kept = [Buffer.from(tail)];
    size = tail.length;
    isCut = true;
  }
  const whole = Buffer.concat(kept);
  if (!isCut && whole.length <= maxBytes) return whole.toString();
  const tail = whole.subarray(-maxBytes);
  const lineEnd = tail.indexOf('\n');
  const isLastLine = lineEnd === -1 || lineEnd === tail.length - 1;
  return (isLastLine ? fromCharacter(tail) : tail.subarray(lineEnd + 1)).toString();
}

/** Without the bytes of a character that the cut went through. */
function fromCharacter(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => (byte & 0b1100_0000) !== 0b1000_0000);
  return bytes.subarray(Math.max(0, start));
}
