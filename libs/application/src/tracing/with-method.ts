/** `port` with one method in another's place; the rest is its own. */
export function withMethod<Port extends object, Name extends keyof Port>(
  port: Port,
  name: Name,
  method: Port[Name],
): Port {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = key === name ? method : Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
