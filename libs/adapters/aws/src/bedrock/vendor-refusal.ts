import { z } from 'zod';

/** What can be read of a failure of the SDK's, whether it came as a status or in the midst of a stream. */
const vendorRefusal = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
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

/** The codes of a connection that never was: the request did not arrive. */
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether a request that has no answer was refused, or never arrived: nobody pays for it. */
export function isUncharged(error: unknown): boolean {
  const code = vendorRefusal.safeParse(error).data?.code;
  return (statusOf(error) ?? 0) >= 400 || (code !== undefined && UNREACHED.has(code));
}
