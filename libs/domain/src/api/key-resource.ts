import { z } from 'zod';
import { apiScope } from '../access/api-key';

export const DEFAULT_KEY_DAYS = 90;
export const MAX_KEY_DAYS = 366;

export const newKeyRequest = z.strictObject({
  name: z.string().regex(/\S/).max(100).meta({ description: 'What it is for.' }),
  scopes: z.array(apiScope).min(1).max(3),
  expiresInDays: z.int().min(1).max(MAX_KEY_DAYS).default(DEFAULT_KEY_DAYS),
});
export type NewKeyRequest = z.infer<typeof newKeyRequest>;

export const keyResource = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(apiScope),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type KeyResource = z.infer<typeof keyResource>;

export const createdKey = keyResource.extend({
  token: z.string().meta({ description: 'The key itself. It is shown this once.' }),
});
export type CreatedKey = z.infer<typeof createdKey>;

export const keyList = z.object({ items: z.array(keyResource) });
export type KeyList = z.infer<typeof keyList>;
