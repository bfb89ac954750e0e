import { PATH_PARAMETERS } from '@swe/domain/api';
import type { ProblemDocument, ProblemStatus } from '@swe/domain/api';
import type { HonoRequest } from 'hono';
import type { z } from 'zod';
import { withinLimit } from '../within-limit';

/** The longest task is 100,000 characters, each of which may take six bytes of JSON. */
const MAX_BODY_BYTES = 1_000_000;

/** A request that can't be read as what it should be. */
export class UnreadableRequest extends Error {
  override readonly name = 'UnreadableRequest';
  readonly status: ProblemStatus;
  readonly more: Pick<ProblemDocument, 'detail' | 'errors'>;

  constructor(status: ProblemStatus, more: Pick<ProblemDocument, 'detail' | 'errors'> = {}) {
    super(more.detail ?? `unreadable: ${status}`);
    this.status = status;
    this.more = more;
  }
}

/** What stands in the path; 404 for what can't be there. */
export function readPath(req: HonoRequest, name: keyof typeof PATH_PARAMETERS): string {
  const parsed = PATH_PARAMETERS[name].safeParse(req.param(name));
  if (!parsed.success) throw new UnreadableRequest(404);
  return parsed.data;
}

export function readQuery<T>(req: HonoRequest, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(req.query());
  if (parsed.success) return parsed.data;
  throw new UnreadableRequest(422, { detail: parsed.error.issues.map(issueWords).join(' ') });
}

export function readHeader<T>(req: HonoRequest, name: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(req.header(name));
  if (parsed.success) return parsed.data;
  throw new UnreadableRequest(422, { detail: `The header ${name} is not as it should be.` });
}

export async function readBody<T>(req: HonoRequest, schema: z.ZodType<T>): Promise<T> {
  const request = await withinLimit(req.raw, MAX_BODY_BYTES);
  if (request === undefined) throw new UnreadableRequest(413);
  const parsed = schema.safeParse(parseJson(await request.text()));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: ['#', ...path.map(escaped)].join('/'),
    detail: message,
  }));
  throw new UnreadableRequest(422, { detail: 'The body is not as it should be.', errors });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableRequest(400, { detail: 'The body is not JSON.' });
  }
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-3 */
const escaped = (name: PropertyKey): string => String(name).replaceAll('~', '~0').replaceAll('/', '~1');

const issueWords = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.')}: ${message}.`;
