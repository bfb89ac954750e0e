import { Fault } from '@swe/domain';
import { z } from 'zod';
import type { Item } from './action';

/** What every item has. The rest is parsed by who knows its kind. */
export const storedItem = z.looseObject({ pk: z.string(), sk: z.string() });

/** Throws `invalid`, naming the item, and with it the session, when it is not what `schema` describes. */
export function parseItem<T>(schema: z.ZodType<T>, { pk, sk }: Pick<Item, 'pk' | 'sk'>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Fault('invalid', `${sk} of ${pk} cannot be read by this version`, { cause: parsed.error });
}
