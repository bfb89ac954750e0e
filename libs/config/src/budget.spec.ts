import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { budgetEnvironment } from './budget';

const config = z.object(budgetEnvironment);

it.each([
  [undefined, 10],
  ['25', 25],
  ['2.50', 2.5],
  ['0', 0],
])('SWE_BUDGET_USD of %s lets a session spend %d US dollars', (SWE_BUDGET_USD, usd) => {
  expect(config.parse({ SWE_BUDGET_USD })).toEqual({ SWE_BUDGET_USD: usd });
});

it.each(['-1', 'ten', '', '1e9', 'Infinity', '1,50'])('%j is no amount', (SWE_BUDGET_USD) => {
  expect(config.safeParse({ SWE_BUDGET_USD }).success).toBe(false);
});
