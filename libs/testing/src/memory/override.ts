/** `port` with some methods replaced: how a bite breaks exactly one thing. The rest still runs on `port` itself. */
export function override<T extends object>(port: T, changes: Partial<T>): T {
  return new Proxy(port, {
    get(target, key) {
      const source: object = Object.hasOwn(changes, key) ? changes : target;
      const value: unknown = Reflect.get(source, key, source);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });
}
