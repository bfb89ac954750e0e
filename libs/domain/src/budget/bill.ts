import { z } from 'zod';
import { nanoUsd } from './nano-usd';

/** What a model call cost. */
export const bill = z.object({
  nanoUsd,
  /** No provider reported it: it is the most that it may have been. */
  isEstimated: z.boolean(),
});
export type Bill = z.infer<typeof bill>;
