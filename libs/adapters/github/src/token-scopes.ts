/** What a classic token lacks that has none of the scopes `anyOf`, in words; undefined where nothing tells so. */
export function scopeLack(
  headers: Readonly<Record<string, unknown>>,
  anyOf: readonly string[],
): string | undefined {
  const scopes = scopesOf(headers['x-oauth-scopes']);
  if (scopes === undefined || anyOf.length === 0 || anyOf.some((scope) => scopes.includes(scope)))
    return undefined;
  const has = scopes.length === 0 ? 'none' : scopes.join(', ');
  return `the token lacks the scope ${anyOf.join(' or ')} (it has ${has}): tick it in the token's settings`;
}

/** A header's list of a classic token's scopes; undefined where there is none, since other tokens have no scopes. */
export function scopesOf(header: unknown): readonly string[] | undefined {
  if (typeof header !== 'string') return undefined;
  return header.split(',').flatMap((scope) => scope.trim() || []);
}
