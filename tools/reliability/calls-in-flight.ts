/**
 * Calls that have begun and not ended, of ports whose calls take real time. Where time is virtual it must stand still
 * meanwhile: whoever waits for an answer would be late by the clock for no reason of its own.
 */
export class CallsInFlight {
  #count = 0;
  #onNone: () => void = () => undefined;

  /** `port` with its calls counted. Each of its methods is asynchronous, or a stream whose every part is a call. */
  counted<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const given: unknown = Reflect.apply(value, target, args);
          return isStream(given) ? this.#parts(given) : this.#during(given as Promise<unknown>);
        };
      },
    });
  }

  /** Resolves when no call is in flight, and what the ended ones let go on has begun no other. */
  async settle(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#count === 0) return;
      await new Promise<void>((resolve) => (this.#onNone = resolve));
    }
  }

  async *#parts(stream: AsyncIterable<unknown>): AsyncIterable<unknown> {
    const parts = stream[Symbol.asyncIterator]();
    for (;;) {
      const part = await this.#during(parts.next());
      if (part.done === true) return;
      yield part.value;
    }
  }

  async #during<T>(call: Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await call;
    } finally {
      this.#count -= 1;
      if (this.#count === 0) this.#onNone();
    }
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
