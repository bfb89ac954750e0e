import { z } from 'zod';

/** What can be read of a failure of the SDK's, whether it came as a status or in the midst of a stream. */
const vendorRefusal = z.object({
  name: z.string(),
  message: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

/** The message of a refused request; undefined for any other failure. */
export function refusalOf(error: unknown): string | undefined {
  const { data } = vendorRefusal.safeParse(error);
  return data?.name === 'ValidationException' ? data.message : undefined;
}

export function statusOf(error: unknown): number | undefined {
  return vendorRefusal.safeParse(error).data?.$metadata?.httpStatusCode;
}
