import { isUnreached } from '@swe/domain';
import { z } from 'zod';

/** What can be read of a failure, wherever the vendor and the SDK have put it. */
export interface VendorError {
  readonly status?: number | undefined;
  /** Its types and codes, the outermost first. */
  readonly names: readonly string[];
  /** Of the sockets and the resolver. */
  readonly syscalls: readonly string[];
  readonly message: string;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

const code = z.union([z.string(), z.number()]).nullish().catch(undefined);
const fields = z.object({
  name: z.string().optional().catch(undefined),
  type: z.string().nullish().catch(undefined),
  code,
  syscall: z.string().optional().catch(undefined),
  statusCode: z.number().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  responseHeaders: z.record(z.string(), z.string()).optional().catch(undefined),
  responseBody: z.string().optional().catch(undefined),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
  /** Of each address that was tried. */
  errors: z.array(z.unknown()).optional().catch(undefined),
  response: z.unknown().optional(),
  cause: z.unknown().optional(),
});
type Fields = z.infer<typeof fields>;

const MAX_DEPTH = 6;
const MAX_MESSAGE = 1_000;

/** Follows the SDK's `cause` and `data` and the vendor's `error`, `response` and body. */
export function readVendorError(error: unknown): VendorError {
  const found = [...layersOf(error, MAX_DEPTH)];
  const numeric = found.map(({ code }) => Number(code)).find(isHttpStatus);
  const status = found.find(({ statusCode }) => statusCode !== undefined)?.statusCode ?? numeric;
  const message = found.findLast(({ message = '' }) => message !== '')?.message;
  return {
    status,
    names: found.flatMap(({ name, type, code }) =>
      [name, type, code].filter((given) => typeof given === 'string'),
    ),
    syscalls: found.flatMap(({ syscall }) => syscall ?? []),
    message: (message ?? (status === undefined ? String(error) : `HTTP ${status}`)).slice(0, MAX_MESSAGE),
    headers: found.find(({ responseHeaders }) => responseHeaders !== undefined)?.responseHeaders ?? {},
  };
}

/** What the SDK can't make a request of. */
const UNSENT = new Set([
  'AI_InvalidArgumentError',
  'AI_InvalidPromptError',
  'AI_LoadAPIKeyError',
  'AI_UnsupportedFunctionalityError',
  'ERR_INVALID_URL',
]);

/** Whether a request that has no answer was refused, or never arrived: nobody pays for it. */
export function isUncharged({ status, names, syscalls }: VendorError): boolean {
  return (status ?? 0) >= 400 || names.some((name) => UNSENT.has(name)) || isUnreached({ names, syscalls });
}

function* layersOf(value: unknown, depth: number): Iterable<Partial<Fields>> {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  const { data } = fields.safeParse(value);
  if (data === undefined) return;
  yield data;
  if (typeof data.error === 'string') yield { message: data.error };
  for (const inner of [
    data.cause,
    data.data,
    parsed(data.responseBody),
    data.response,
    data.error,
    ...(data.errors ?? []),
  ]) {
    yield* layersOf(inner, depth - 1);
  }
}

function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? 'null');
  } catch {
    return undefined;
  }
}

function isHttpStatus(code: number): boolean {
  return Number.isInteger(code) && code >= 400 && code <= 599;
}
