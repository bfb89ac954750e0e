const CONTINUATION = 0b1000_0000;

/** How many of `bytes` remain when a UTF-8 character that its end cuts through is left off. */
export function lengthOfWholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3; back += 1) {
    const byte = bytes.at(-back);
    if (byte === undefined || isContinuation(byte)) continue;
    return characterLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Where in `bytes` the first UTF-8 character starts that its beginning does not cut through. */
export function startOfWholeCharacters(bytes: Uint8Array): number {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return start;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === CONTINUATION;
}

/** By its first byte, as in RFC 3629 section 3; bytes that start no character count as one. */
function characterLength(first: number): number {
  if (first >= 0xf0 && first <= 0xf4) return 4;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xc2 && first < 0xe0 ? 2 : 1;
}
