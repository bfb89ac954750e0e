import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsRequest } from './aws-permissions';

export interface GuardedServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface Refusal {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Stands before another server, and lets through what `refuse` says nothing to. */
export async function openGuardedServer(
  upstream: string,
  refuse: (request: AwsRequest) => Refusal | undefined,
): Promise<GuardedServer> {
  const server = createServer(async (incoming, response) => {
    try {
      const body = Buffer.concat(await Array.fromAsync(incoming));
      const { method = '', url = '/', headers } = incoming;
      const refusal = refuse({ method, url, headers, body });
      if (refusal === undefined) return pass(incoming, body, response);
      response.writeHead(refusal.status, { 'content-type': refusal.contentType }).end(refusal.body);
    } catch (error) {
      response.destroy(error as Error);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function pass({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const onward = request(new URL(url ?? '/', upstream), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', (error) => response.destroy(error));
    onward.end(body);
  }

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
