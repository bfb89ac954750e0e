/** `changed`: something may be new, look. `away`: hints may have been missed, look. */
export type Hint = 'changed' | 'away';

/**
 * Hints between processes; content never travels here. Losing every hint delays an answer by one poll.
 *
 * - a subscriber hears a hint published for its session while it is connected, at least once
 * - it hears nothing of other sessions
 * - after `close` it hears nothing more
 * - a connection that breaks comes back by itself, and hints are heard again
 * - every subscriber is told `away` after each break, once it is connected again
 *
 * A listener must not throw.
 */
export interface EventBus {
  publish(sessionId: string): Promise<void>;
  /** Also resolves while nothing can be heard, for whatever reason: `away` follows once that is over. */
  subscribe(sessionId: string, listener: (hint: Hint) => void): Promise<{ close(): Promise<void> }>;
}
