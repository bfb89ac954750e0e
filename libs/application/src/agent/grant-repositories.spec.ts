import { expect, it } from '@jest/globals';
import { grantRepositories } from './grant-repositories';

const [SHOP, LIB, FORK] = ['forge://shop', 'forge://other/lib', 'forge://ours/lib'];

it('grants a fork as the fork that it is, with the branch that work in its upstream starts from', () => {
  const granted: unknown[] = [];
  const grant = (...args: readonly unknown[]): void => void granted.push(args);
  const repositories = [SHOP, LIB, FORK];
  grantRepositories(grant, {
    repositories,
    baseBranches: { [LIB]: 'next' },
    upstreams: { [FORK]: LIB },
  });
  expect(granted).toEqual([
    [SHOP, undefined, undefined],
    [LIB, 'next', undefined],
    [FORK, 'next', LIB],
  ]);
});
