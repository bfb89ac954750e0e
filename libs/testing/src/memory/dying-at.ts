/** Where a process dies: at the `nth` call of a method, with its work done or not. */
export interface Death {
  readonly at: string;
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/**
 * The ports of a process that dies at one of its calls, which throws `killed`: from then on none of them does anything.
 * Gives what makes a port such a one, by the method whose calls are counted.
 */
export function dyingAt(death: Death | undefined) {
  let calls = 0;
  let isDead = false;
  return <T extends object>(method: string, target: T): T =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key, object);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (isDead) throw new Error('killed');
          const isIt = key === method && method === death?.at && (calls += 1) === death.nth;
          if (!isIt) return Reflect.apply(value, object, args);
          isDead = true;
          if (death?.when === 'before') return Promise.reject(new Error('killed'));
          return Promise.resolve(Reflect.apply(value, object, args)).then(() => {
            throw new Error('killed');
          });
        };
      },
    });
}
