import { Fault } from '@swe/domain';

/** Stands for what a replay does not have: `known` is there, and whatever else is called says that it is not. */
export function absent<T extends object>(known: Partial<T> = {}): T {
  return new Proxy(known, {
    get: (_target, name) =>
      Reflect.get(known, name) ??
      (() => {
        throw new Fault('invalid', `A replay has no ${String(name)}.`);
      }),
  }) as T;
}
