import type { Page, PageRequest } from '@swe/domain';

/** The asked part of `all`, which is sorted. */
export function pageOf<T>(
  all: readonly T[],
  { limit, after }: PageRequest,
  keyOf: (item: T) => string,
): Page<T> {
  const start = after === undefined ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  return last === undefined || start + limit >= all.length ? { items } : { items, next: keyOf(last) };
}
