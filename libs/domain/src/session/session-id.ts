import { createHash } from 'node:crypto';

/** RFC 4648 base32, lower case: every character is safe in a branch, a file name and an AppSync channel segment. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 20;

/**
 * The id of an origin's session in its `round` (counted from 1): `s` and 20 base32 characters of SHA-256.
 * The same origin and round always give the same id, so two ingresses that race create one session, and no
 * name of a person or repository can be read from it.
 */
export function sessionIdOf(origin: string, round: number): string {
  const digest = createHash('sha256').update(`${origin}\n${round}`).digest();
  let id = 's';
  let bits = 0;
  let value = 0;
  for (const byte of digest) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && id.length <= LENGTH) {
      bits -= 5;
      id += ALPHABET[(value >> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  return id;
}
