import type { IncomingMessage } from 'node:http';

/** A call of one of AWS's services, as it comes over the wire. */
export interface AwsCall {
  /** The service's name in the signature's scope: `ssm`, `cloudformation`. */
  readonly service: string;
  /** `GetParameter`; of services that speak REST the method and the path: `GET /2015-03-31/event-source-mappings/`. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const SCOPE = /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

/**
 * Reads a call in any of the protocols that services speak: a form with `Action`, JSON with `X-Amz-Target`, or REST.
 * https://smithy.io/2.0/aws/protocols/index.html
 */
export function readAwsCall(incoming: IncomingMessage, body: string): AwsCall {
  const { method = '', url = '/', headers } = incoming;
  const service = SCOPE.exec(headers.authorization ?? '')?.[1] ?? '';
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    return { service, action: String(target).replace(/^.*\./, ''), input: JSON.parse(body) };
  }
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const { Action = '', Version: _, ...input } = Object.fromEntries(new URLSearchParams(body));
    return { service, action: Action, input };
  }
  return { service, action: `${method} ${pathname}`, input: Object.fromEntries(searchParams) };
}
