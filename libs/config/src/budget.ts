import { z } from 'zod';

const dollars = z
  .string()
  .regex(/^\d{1,6}(\.\d+)?$/, 'must be an amount of US dollars, such as 10 or 2.50')
  .transform(Number);

/** What work may cost, in US dollars. Months are calendar months in UTC; what is not set is only counted. */
export const budgetEnvironment = {
  /** What a session may spend on models, until its requester says otherwise. */
  SWE_BUDGET_USD: dollars.default(10),
  /** What all sessions together may spend in a month. */
  SWE_BUDGET_MONTH_USD: dollars.optional(),
  /** What the sessions of one requester may. */
  SWE_BUDGET_REQUESTER_MONTH_USD: dollars.optional(),
  /** What work in one repository may. */
  SWE_BUDGET_REPOSITORY_MONTH_USD: dollars.optional(),
} as const;
