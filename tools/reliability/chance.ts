/** Chance that is the same for the same seed: mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export interface Chance {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Uniform among 0, 1, ..., `below` - 1. */
  integer(below: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  oneOf<T>(choices: readonly [T, ...T[]]): T;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const integer = (below: number): number => Math.floor(fraction() * below);
  return {
    fraction,
    integer,
    happens: (probability) => fraction() < probability,
    oneOf: ([first, ...others]) => others[integer(others.length + 1) - 1] ?? first,
  };
}
