import type { z } from 'zod';
import type { LoopbackRefusal } from './loopback-script';

export function invalidRequest(message: string): LoopbackRefusal {
  return { status: 400, error: { type: 'invalid_request_error', message } };
}

export function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `Invalid value for '${issue?.path.join('.')}': ${issue?.message}`;
}
