import { randomBytes } from 'node:crypto';
import type { Random } from '@swe/domain';

/** The machine's own chance, good enough for keys. */
export const systemRandom: Random = {
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  id: () => randomBytes(16).toString('hex'),
};
