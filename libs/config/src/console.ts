import { ROLE_SCOPES } from '@swe/domain';
import { z } from 'zod';

/**
 * What the console's stack tells the ingress, as JSON in a parameter: below which key the page's files are in the bucket,
 * and where people have accounts.
 */
export const consoleSetting = z.object({
  files: z.string().regex(/^console\/[0-9a-f]{64}\/$/),
  issuer: z.url(),
  clientId: z.string().min(1),
  /** Of the pages at which people sign in. */
  domain: z.url(),
});
export type ConsoleSetting = z.infer<typeof consoleSetting>;

/** The groups that people are in, each of which lets them do something. */
export const roles = Object.keys(ROLE_SCOPES);
