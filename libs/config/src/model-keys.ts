import { z } from 'zod';

/** What a header takes: it refuses another key in words that quote it, which would be told as the model's failure. */
const apiKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'has characters that no key has')
  .optional();

/** Keys of the vendors of models, under the vendors' own names. */
export const modelKeys = {
  ANTHROPIC_API_KEY: apiKey,
  OPENAI_API_KEY: apiKey,
};
