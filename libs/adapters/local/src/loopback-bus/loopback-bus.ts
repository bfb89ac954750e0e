import { EventEmitter } from 'node:events';
import type { EventBus, Hint } from '@swe/domain';

/**
 * Hints within one process, delivered before `publish` resolves. Never `away`: nothing comes between. A listener
 * must not throw; should it, `publish` rejects with its error.
 */
export class LoopbackBus implements EventBus {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  async publish(sessionId: string): Promise<void> {
    this.#emitter.emit(channel(sessionId));
  }

  async subscribe(sessionId: string, listener: (hint: Hint) => void): Promise<{ close(): Promise<void> }> {
    const hear = (): void => listener('changed');
    this.#emitter.on(channel(sessionId), hear);
    return {
      close: async () => {
        this.#emitter.off(channel(sessionId), hear);
      },
    };
  }
}

/** Prefixed, because an emitter treats some names, such as `error`, in its own way. */
function channel(sessionId: string): string {
  return `session:${sessionId}`;
}
