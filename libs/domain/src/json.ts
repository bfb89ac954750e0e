import { z } from 'zod';

/** Any value that survives JSON unchanged. */
export const jsonValue = z.json();
export type JsonValue = z.infer<typeof jsonValue>;

export const jsonObject = z.record(z.string(), jsonValue);
export type JsonObject = z.infer<typeof jsonObject>;
