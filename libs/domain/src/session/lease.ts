import { z } from 'zod';
import type { Session } from './session';

/**
 * The right to write a session's journal. `fence` only grows: it changes with each holder, and an append with an
 * older one is refused. `revision` changes with each heartbeat. `generation` is the machine's.
 */
export const lease = z.object({
  sessionId: z.string(),
  holder: z.string(),
  generation: z.int().nonnegative(),
  fence: z.int().positive(),
  revision: z.int().positive(),
});
export type Lease = z.infer<typeof lease>;

/** Somebody's wish to hold a lease until `dueAtMs`, when the manager looks whether it moved. */
export interface LeaseClaim {
  readonly sessionId: string;
  readonly holder: string;
  readonly generation: number;
  readonly dueAtMs: number;
  /** The held lease to take over, as it was last read: the claimant judged its holder dead. */
  readonly from?: Lease;
}

/**
 * Why a claim is refused, undefined when it is good. Only the session's current generation holds its lease, and not
 * while it is being stopped. What an older generation still holds is free: the manager confirmed it dead before it
 * counted up.
 */
export function leaseRefusal(
  { id, generation, stopping }: Pick<Session, 'id' | 'generation' | 'stopping'>,
  held: Lease | undefined,
  claim: LeaseClaim,
): string | undefined {
  if (claim.generation !== generation) {
    return `session ${id} is worked on by machine ${generation}, not ${claim.generation}`;
  }
  if (stopping === true) return `the machine of session ${id} is being stopped`;
  if (held === undefined || held.generation < generation) return undefined;
  const { from } = claim;
  if (from !== undefined && held.fence === from.fence && held.revision === from.revision) return undefined;
  return `session ${id} is leased by ${held.holder}`;
}
