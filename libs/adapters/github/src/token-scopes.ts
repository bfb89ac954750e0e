/** A header's list of a classic token's scopes; undefined where there is none, since other tokens have no scopes. */
export function scopesOf(header: unknown): readonly string[] | undefined {
  if (typeof header !== 'string') return undefined;
  return header.split(',').flatMap((scope) => scope.trim() || []);
}
