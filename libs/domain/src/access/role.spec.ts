import { expect, it } from '@jest/globals';
import type { ApiScope } from './api-key';
import { scopesOfGroups } from './role';

it.each<[readonly string[], readonly ApiScope[]]>([
  [[], []],
  [['admin'], ['admin']],
  [['member'], ['run']],
  [['viewer'], ['read']],
  [
    ['viewer', 'staff', 'member', 'viewer'],
    ['read', 'run'],
  ],
  [['Admin', 'toString', 'hasOwnProperty'], []],
])('of the groups %j come the scopes %j', (groups, scopes) => {
  expect(scopesOfGroups(groups)).toEqual(scopes);
});
