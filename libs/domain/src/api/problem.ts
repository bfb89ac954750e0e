import { z } from 'zod';

/** Statuses that a request is refused with, and what they are called: https://www.rfc-editor.org/rfc/rfc9110#section-15 */
export const PROBLEM_TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;
export type ProblemStatus = keyof typeof PROBLEM_TITLES;

/** Why a request was refused: https://www.rfc-editor.org/rfc/rfc9457, of the type that its status says all about. */
export const problemDocument = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().optional().meta({ description: 'What to do about it, for people.' }),
  errors: z
    .array(
      z.object({
        pointer: z
          .string()
          .meta({ description: 'Which part of the request: a JSON Pointer, as in `#/task`.' }),
        detail: z.string(),
      }),
    )
    .optional(),
});
export type ProblemDocument = z.infer<typeof problemDocument>;

/** A request that is refused for what it asks for, thrown by whoever finds out. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: 403 | 404 | 409 | 422;
  /** The member of the body that is wrong, if one is. */
  readonly member: string | undefined;

  constructor(status: 403 | 404 | 409 | 422, detail: string, member?: string) {
    super(detail);
    this.status = status;
    this.member = member;
  }
}

/** The document of a refusal. Without `detail` its title says it all. */
export function problemOf(
  status: ProblemStatus,
  { detail, errors }: Pick<ProblemDocument, 'detail' | 'errors'> = {},
): ProblemDocument {
  return {
    type: 'about:blank',
    title: PROBLEM_TITLES[status],
    status,
    ...(detail !== undefined && { detail }),
    ...(errors !== undefined && errors.length > 0 && { errors }),
  };
}
