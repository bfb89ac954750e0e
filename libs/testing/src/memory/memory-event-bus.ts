import type { EventBus, Hint } from '@swe/domain';

/** Delivers a hint before `publish` resolves. */
export class MemoryEventBus implements EventBus {
  readonly #listeners = new Map<string, Set<(hint: Hint) => void>>();

  async publish(sessionId: string): Promise<void> {
    for (const listener of this.#listeners.get(sessionId) ?? []) listener('changed');
  }

  /** A connection that broke and is back: everybody is told. */
  interrupt(): void {
    for (const listeners of this.#listeners.values()) listeners.forEach((listener) => listener('away'));
  }

  async subscribe(sessionId: string, listener: (hint: Hint) => void): Promise<{ close(): Promise<void> }> {
    const listeners = this.#listeners.get(sessionId) ?? new Set();
    this.#listeners.set(sessionId, listeners);
    // Wrapped, so that the same listener can subscribe twice.
    const own = (hint: Hint): void => listener(hint);
    listeners.add(own);
    return {
      close: async () => {
        listeners.delete(own);
      },
    };
  }
}
