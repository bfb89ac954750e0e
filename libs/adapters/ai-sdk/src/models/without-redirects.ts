/**
 * Follows no redirect: prompts and keys go to the configured host and nowhere else (fetch would carry `x-api-key`
 * to any other). The vendor's 3xx then is the answer.
 */
export function withoutRedirects(fetch: typeof globalThis.fetch = globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => fetch(input, { ...init, redirect: 'manual' });
}
