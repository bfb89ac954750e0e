import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const result = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Each becomes a `set-cookie` header. */
  cookies: z.array(z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

/**
 * What API Gateway's HTTP API does in front of a function: a request becomes an event of version 2.0, and what the function
 * gives becomes the response (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 * A function that fails is a 500.
 */
export async function openHttpApi(
  invoke: (event: unknown) => Promise<unknown>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  async function answer(incoming: IncomingMessage): Promise<z.infer<typeof result>> {
    const body = Buffer.concat(await Array.fromAsync(incoming));
    const { method = 'GET', url = '/', headers: sent } = incoming;
    // Cookies come in a field of their own.
    const { cookie, ...headers } = sent;
    const { pathname, search } = new URL(url, 'http://127.0.0.1');
    const isText = /^(text\/|application\/(json|javascript|xml))/.test(headers['content-type'] ?? '');
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath: pathname,
      rawQueryString: search.slice(1),
      ...(cookie !== undefined && { cookies: cookie.split('; ') }),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      requestContext: {
        domainName: headers.host,
        http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
        requestId: 'loopback',
        routeKey: '$default',
        stage: '$default',
      },
      ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
      isBase64Encoded: body.length > 0 && !isText,
    };
    return result.parse(await invoke(event));
  }

  const http = createServer((incoming, response) => {
    answer(incoming).then(
      ({ statusCode, headers, cookies = [], body = '', isBase64Encoded }) =>
        response
          .writeHead(statusCode, { ...headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) })
          .end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')),
      () => response.writeHead(500).end('{"message":"Internal Server Error"}'),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
