import { Fault, isFault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';

/** Error codes of https://nodejs.org/api/errors.html and errno(3), by what a caller should do about them. */
const KNOWN: Readonly<Record<string, readonly [FaultKind, string]>> = {
  ENOENT: ['missing', 'no such file or directory'],
  ENOTDIR: ['invalid', 'not a directory'],
  EISDIR: ['invalid', 'is a directory'],
  ELOOP: ['invalid', 'too many links'],
  ENAMETOOLONG: ['invalid', 'name too long'],
  EINVAL: ['invalid', 'invalid argument'],
  ENXIO: ['invalid', 'not a regular file'],
  E2BIG: ['invalid', 'arguments too long'],
  ERR_INVALID_ARG_VALUE: ['invalid', 'invalid argument'],
  EACCES: ['denied', 'permission denied'],
  EPERM: ['denied', 'not permitted'],
  EROFS: ['denied', 'read-only file system'],
  EAGAIN: ['transient', 'too many processes'],
  EBUSY: ['transient', 'busy'],
  EMFILE: ['transient', 'too many open files'],
  ENFILE: ['transient', 'too many open files'],
};

/** The operating system's error about `what` (a path or a program) as a `Fault`; errors without a known code pass. */
export function toFault(error: unknown, what: string): unknown {
  if (isFault(error)) return error;
  const [kind, says] = KNOWN[codeOf(error) ?? ''] ?? [];
  return kind === undefined ? error : new Fault(kind, `${what}: ${says}`, { cause: error });
}

/** The `code` of an error that the operating system or Node raised. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
