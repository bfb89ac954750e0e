import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a key may do: see sessions, have work done, or rule over keys and other people's sessions. */
export const apiScope = z.enum(['read', 'run', 'admin']);
export type ApiScope = z.infer<typeof apiScope>;

/** A key of the HTTP API as it is stored. Its secret is with whoever was shown it, and nowhere else. */
export const apiKey = z.object({
  id: z.string(),
  /** In words of whoever made it: what it is for. */
  name: z.string(),
  /** SHA-256 of the secret, in hex. The secret has 256 bits of chance, so nothing slower is needed. */
  secretHash: z.string(),
  scopes: z.array(apiScope).min(1).readonly(),
  /** A requester. */
  createdBy: z.string(),
  /** The requester for whom it stands: who signed in by it. Absent where it stands for itself. */
  actsAs: z.string().exactOptional(),
  createdAtMs: z.int(),
  expiresAtMs: z.int(),
});
export type ApiKey = z.infer<typeof apiKey>;

/** A key as its holder presents it. */
export interface PresentedKey {
  readonly id: string;
  readonly secret: string;
}

const TOKEN = /^swe_(k[0-9a-f]{16})_([0-9a-f]{64})$/;
const ID_DIGITS = 16;

/** A key nobody may guess, from three times 128 bits of chance as `Random.id` gives them. */
export function newKey(chance: readonly [id: string, ...secret: [string, string]]): PresentedKey {
  const [id, first, second] = chance.map((digits) => digits.replaceAll('-', ''));
  return { id: `k${id?.slice(0, ID_DIGITS)}`, secret: `${first}${second}` };
}

/** The one text that a holder is shown. Its beginning lets scanners find keys that got out. */
export const tokenOf = ({ id, secret }: PresentedKey): string => `swe_${id}_${secret}`;

/** Undefined for what is no key's text. */
export function parseToken(token: string): PresentedKey | undefined {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

export const secretHashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whom a key's messages come from. */
export const requesterOfKey = ({ id, actsAs }: Pick<ApiKey, 'id' | 'actsAs'>): string =>
  actsAs ?? `key:${id}`;

/** Scopes include each other: who may rule may have work done, and who may have work done may see it. */
const INCLUDED: Readonly<Record<ApiScope, readonly ApiScope[]>> = {
  read: ['read'],
  run: ['run', 'read'],
  admin: ['admin', 'run', 'read'],
};

export function hasScope(held: readonly ApiScope[], needed: ApiScope): boolean {
  return held.some((scope) => INCLUDED[scope].includes(needed));
}
