/**
 * A port whose adapter is opened when it is first asked something: what nobody asks is not even loaded. All that `T` has
 * are functions that give promises.
 */
export function onFirstUse<T extends { [K in keyof T]: (...given: never[]) => Promise<unknown> }>(
  open: () => Promise<T>,
): T {
  let opened: Promise<T> | undefined;
  const ask =
    (name: string | symbol) =>
    async (...given: unknown[]): Promise<unknown> => {
      const port = await (opened ??= open());
      return Reflect.apply(Reflect.get(port, name), port, given);
    };
  // Whoever waits for a value looks whether it can be waited for.
  return new Proxy({} as T, { get: (_port, name) => (name === 'then' ? undefined : ask(name)) });
}
