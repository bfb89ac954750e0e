/** How many requests may still be made this hour; nothing where there is no limit, as on most Enterprise Servers. */
export function requestsLeft(headers: Readonly<Record<string, unknown>>): readonly string[] {
  const [limit, left] = ['x-ratelimit-limit', 'x-ratelimit-remaining'].map((name) => headers[name]);
  return limit === undefined || left === undefined
    ? []
    : [`${String(left)} of ${String(limit)} requests left`];
}
