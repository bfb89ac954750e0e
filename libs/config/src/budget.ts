import { z } from 'zod';

/** What work may cost. */
export const budgetEnvironment = {
  /** What a session may spend on models, in US dollars, until its requester says otherwise. */
  SWE_BUDGET_USD: z
    .string()
    .regex(/^\d{1,6}(\.\d+)?$/, 'must be an amount of US dollars, such as 10 or 2.50')
    .default('10')
    .transform(Number),
} as const;
