import { isFault } from '@swe/domain';
import { PROBLEM_TYPE, problemOf } from '@swe/domain/api';
import type { ProblemDocument, ProblemStatus } from '@swe/domain/api';

/** A refusal as https://www.rfc-editor.org/rfc/rfc9457 has it. */
export function problemResponse(
  status: ProblemStatus,
  more?: Pick<ProblemDocument, 'detail' | 'errors'>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = JSON.stringify(problemOf(status, more));
  return new Response(body, { status, headers: { 'content-type': PROBLEM_TYPE, ...headers } });
}

/** What a failure of ours is to whoever asked: worth another try, or a bug. */
export function statusOfFailure(error: unknown): { readonly status: 500 | 503; readonly reason: string } {
  const reason = Error.isError(error) ? error.message : String(error);
  return { status: isFault(error, 'transient', 'throttled', 'denied') ? 503 : 500, reason };
}
