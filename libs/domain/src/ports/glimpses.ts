import type { Glimpse } from '../events/glimpse';

/**
 * What agents are in the middle of, from their processes to those that serve whoever watches. The newest one is all
 * there is, so that however slowly it is looked at nothing piles up.
 *
 * - what was put last is got
 * - a session of which nothing was put has an empty one
 * - an empty one takes the place of what was put
 * - sessions have glimpses of their own
 * - what can’t be kept or read is lost, and fails no call
 */
export interface Glimpses {
  put(sessionId: string, glimpse: Glimpse): Promise<void>;
  get(sessionId: string): Promise<Glimpse>;
}
