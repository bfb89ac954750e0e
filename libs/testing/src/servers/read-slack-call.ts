import type { IncomingHttpHeaders } from 'node:http';
import { SlackRefusal } from './slack-refusal';

export interface SlackCall {
  readonly method: string;
  readonly token: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Arguments that a form carries as JSON: https://docs.slack.dev/apis/web-api/#post_bodies */
const STRUCTURED: ReadonlySet<string> = new Set([
  'blocks',
  'attachments',
  'metadata',
  'files',
  'prompts',
  'loading_messages',
]);

/** These take no JSON body: https://docs.slack.dev/reference/methods/users.info */
const FORM_ONLY: ReadonlySet<string> = new Set(['users.info']);

/** A call of the Web API, from its query, form or JSON; the token comes in the header or as an argument. */
export function readSlackCall(url: URL, headers: IncomingHttpHeaders, body: Buffer): SlackCall {
  const method = url.pathname.replace(/^\/api\//, '');
  const { token, ...args } = { ...fromForm(url.searchParams), ...bodyArgs(method, headers, body) };
  const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  return { method, token: bearer ?? (typeof token === 'string' ? token : undefined), args };
}

function bodyArgs(method: string, headers: IncomingHttpHeaders, body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  const type = headers['content-type'] ?? '';
  if (/^application\/x-www-form-urlencoded\b/.test(type)) {
    return fromForm(new URLSearchParams(body.toString()));
  }
  if (!/^application\/json\b/.test(type)) throw new SlackRefusal('invalid_post_type');
  if (FORM_ONLY.has(method)) return {};
  const given = parsed(body.toString());
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new SlackRefusal('invalid_json');
  return given as Record<string, unknown>;
}

function fromForm(form: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, STRUCTURED.has(name) ? (parsed(value) ?? value) : value]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
