import { z } from 'zod';
import { tokenPrices } from '../budget/model-facts';

export const modelResource = z.object({
  id: z.string().meta({ description: '`<provider>/<model id>`' }),
  isDefault: z.boolean().meta({ description: 'Sessions without a wish ask it first.' }),
  contextTokens: z.int().optional(),
  prices: tokenPrices.optional().meta({ description: 'US dollars for a million tokens.' }),
});

export const modelList = z.object({ items: z.array(modelResource) });
export type ModelList = z.infer<typeof modelList>;
