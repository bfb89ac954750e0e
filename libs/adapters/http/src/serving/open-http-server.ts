import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Fault } from '@swe/domain';

export interface HttpServerOptions {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a `fetch` handler on a port of this machine. Throws `conflict` when the port is in use. */
export async function openHttpServer({ fetch, host, port }: HttpServerOptions): Promise<HttpServer> {
  const server = serve({ fetch, hostname: host, port });
  await once(server, 'listening').catch((cause: unknown) => {
    throw new Fault('conflict', `port ${port} of ${host} is in use`, { cause });
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
