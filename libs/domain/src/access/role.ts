import type { ApiScope } from './api-key';

/** What somebody with an account may do, by the group of that name which they are in there. */
export const ROLE_SCOPES = {
  admin: 'admin',
  member: 'run',
  viewer: 'read',
} as const satisfies Readonly<Record<string, ApiScope>>;

export type Role = keyof typeof ROLE_SCOPES;

const isRole = (group: string): group is Role => Object.hasOwn(ROLE_SCOPES, group);

/** None for somebody who is in none of the groups: they may do nothing. */
export function scopesOfGroups(groups: readonly string[]): readonly ApiScope[] {
  return [...new Set(groups.filter(isRole).map((role) => ROLE_SCOPES[role]))];
}
