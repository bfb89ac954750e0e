import { z } from 'zod';
import type { ImageLimits } from '../ports/image';
import { documentLimits } from './file-limits';

/** US dollars for a million tokens, in the four tiers of `Usage`. */
export const tokenPrices = z.object({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
  cacheWrite: z.number().nonnegative(),
});
export type TokenPrices = z.infer<typeof tokenPrices>;

/** Taken by every model that sees pictures: 5 MB of base64, and sides that the smallest of them don't scale down. */
export const SAFE_IMAGE_LIMITS: ImageLimits = { maxBytes: 3_750_000, maxSidePixels: 1_568 };

/** What is known of a model. `id` is `<provider>/<model id>`; an id that ends in `/*` stands for all of a provider's. */
export const modelFacts = z.object({
  id: z.string().regex(/^[a-z-]+\/.+$/),
  contextTokens: z.int().positive(),
  maxOutputTokens: z.int().positive(),
  prices: tokenPrices,
  /** For the whole request, once its input, cached or not, is above `aboveTokens`. */
  longContext: z.object({ aboveTokens: z.int().positive(), prices: tokenPrices }).optional(),
  seesImages: z.boolean(),
  /** Pictures are scaled down to these. */
  imageLimits: z
    .object({ maxBytes: z.int().positive(), maxSidePixels: z.int().positive() })
    .default(SAFE_IMAGE_LIMITS),
  /** Absent where it reads none as they are. */
  documents: documentLimits.optional(),
  /**
   * How it reasons before it answers.
   *
   * - `none`: it doesn't, or nobody says so; nothing about reasoning is sent
   * - `kept`: as it sees fit, and its reasoning goes back to it with the conversation
   * - `bound`: as `kept`, but it takes reasoning back only behind the very bytes that it came after
   * - `budgeted`: as `kept`, but within as many tokens as it is given
   */
  thinking: z.enum(['none', 'kept', 'bound', 'budgeted']).default('none'),
  /** Which parts of a request a vendor that wants to be told may cache; absent where it finds out by itself, or can't. */
  cachePoints: z.array(z.enum(['tools', 'system', 'messages'])).optional(),
  /**
   * Names of the vendor's trial features that are asked for with every call: longer contexts, thinking between tool
   * calls.
   */
  betas: z.array(z.string()).optional(),
  /** The model that sums up conversations with it, for little; on Bedrock without a geography. Absent: it does itself. */
  summariser: z.string().optional(),
  /** Where limits and prices were read, and when. */
  source: z.string(),
  checkedOn: z.iso.date(),
});
export type ModelFacts = z.infer<typeof modelFacts>;
