import { z } from 'zod';
import { COST_KEYS } from '../budget/cost-report';
import { usage } from '../budget/usage';

export const costQuery = z.object({
  by: z.enum(COST_KEYS).default('model'),
  month: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
    .optional()
    .meta({ description: 'Of one month alone, in UTC: `2026-11`.' }),
});
export type CostQuery = z.infer<typeof costQuery>;

/** What model calls cost, the dearest first. */
export const costList = z.object({
  items: z.array(
    z.object({
      name: z.string().meta({ description: 'Of the session, model, requester or month.' }),
      calls: z.int().nonnegative(),
      usage,
      usd: z.number().nonnegative(),
      unknownCalls: z
        .int()
        .nonnegative()
        .meta({ description: 'Calls that count for nothing here: without usage, or of unknown price.' }),
    }),
  ),
  isPartial: z.boolean().meta({ description: 'There are more sessions than were looked at: the newest.' }),
});
export type CostList = z.infer<typeof costList>;
