/** Which part of a long list is wanted. `after` is the `next` of the page before; absent for the first page. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string;
}

/** One part of a long list. `next` is absent on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}
