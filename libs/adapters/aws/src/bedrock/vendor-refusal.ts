import { isUnreached } from '@swe/domain';
import type { RequestFailure } from '@swe/domain';
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

/** The SDK's own limit, which has the name of those that end a connection, and no code: `setConnectionTimeout` in `@smithy/node-http-handler`. */
const NOT_CONNECTED = /\bdid not establish a connection\b/;

/** Whether a request that was sent, and has no answer, was refused, or never arrived: nobody pays for it. */
export function isUncharged(error: unknown): boolean {
  const words = vendorRefusal.safeParse(error).data?.message ?? '';
  return (statusOf(error) ?? 0) >= 400 || NOT_CONNECTED.test(words) || isUnreached(requestFailure(error));
}

const socketFailure = z.object({
  name: z.string(),
  code: z.string().optional().catch(undefined),
  syscall: z.string().optional().catch(undefined),
  /** Of each address that was tried. */
  errors: z.array(z.unknown()).default([]).catch([]),
});

function requestFailure(error: unknown): RequestFailure {
  const { data } = socketFailure.safeParse(error);
  if (data === undefined) return { names: [], syscalls: [] };
  const { name, code, syscall, errors } = data;
  const tried = errors.map(requestFailure);
  const given = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);
  return {
    names: [name, ...given(code), ...tried.flatMap(({ names }) => names)],
    syscalls: [...given(syscall), ...tried.flatMap(({ syscalls }) => syscalls)],
  };
}
