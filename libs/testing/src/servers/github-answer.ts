import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { GithubRefusal } from './github-refusal';
import type { GithubAnswer } from './github-route';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends an answer, or 304 where the client has it already, which `onNotModified` is told before. */
export function sendAnswer(
  response: ServerResponse,
  { status, body, headers = {} }: GithubAnswer,
  ifNoneMatch?: string,
  onNotModified: () => void = () => undefined,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) return void response.writeHead(status).end();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (status === 200) {
    const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'private, max-age=60, s-maxage=60');
    if (ifNoneMatch === etag) {
      onNotModified();
      return void response.writeHead(304).end();
    }
  }
  const type = typeof body === 'string' ? 'application/vnd.github.raw; charset=utf-8' : JSON_TYPE;
  response.writeHead(status, { 'content-type': type }).end(text);
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api: all errors look alike. What it sent. */
export function sendRefusal(response: ServerResponse, { status, message, options }: GithubRefusal): object {
  const { errors, headers = {}, body, fields } = options;
  const object = {
    message,
    ...(errors !== undefined && { errors }),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
    ...fields,
  };
  response.writeHead(status, { 'content-type': JSON_TYPE, ...headers }).end(body ?? JSON.stringify(object));
  return object;
}
