import { z } from 'zod';

const VERSION_00 = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
export const traceparent = z.string().regex(VERSION_00);

/** What a `traceparent` says; undefined when it is none. */
export function readTraceparent(header: string) {
  const [, traceId, spanId, flags] = VERSION_00.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

export function traceparentOf(traceId: string, spanId: string, flags: number): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
}
