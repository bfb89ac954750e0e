import type { KeyResource } from '@swe/domain/api';
import { printable } from './printable';

/** A table of the API's keys, one line each. */
export function keysTable(keys: readonly KeyResource[]): string {
  const rows = keys.map(({ id, scopes, expiresAt, name, createdBy }) =>
    [
      id,
      scopes.join(',').padEnd(14),
      `until ${expiresAt.slice(0, 10)}`,
      `${printable(name)} (${createdBy})`,
    ].join('  '),
  );
  return rows.join('\n');
}
