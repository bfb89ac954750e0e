import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { getRequestListener } from '@hono/node-server';
import { Fault } from '@swe/domain';

export interface HttpServerOptions {
  /** A web-standard handler, such as a Hono app's. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Another one is taken where it is in use; any that is free for 0. */
  readonly port: number;
  /** How long a client may take to send a request, in milliseconds. */
  readonly patienceMs?: number;
}

/** A server on this machine's loopback interface. */
export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Resolves when nothing is under way any more: what has arrived is answered, what has not is cut off. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const PATIENCE_MS = 10_000;

/** Serves requests from now on. Throws `invalid` for a port that may not be listened on. */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { patienceMs = PATIENCE_MS } = options;
  const listener = getRequestListener(options.fetch, { overrideGlobalObjects: false });
  const underWay = new Map<IncomingMessage, Promise<unknown>>();
  const times = { headersTimeout: patienceMs, requestTimeout: patienceMs };
  const server = createServer(
    { ...times, connectionsCheckingInterval: Math.ceil(patienceMs / 4) },
    (incoming, outgoing) => {
      const done = Promise.allSettled([listener(incoming, outgoing), finished(outgoing)]);
      underWay.set(incoming, done);
      void done.then(() => underWay.delete(incoming));
    },
  );
  const port = await listen(server, options.port);
  return {
    url: `http://${HOST}:${port}`,
    port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const incoming of underWay.keys()) if (!incoming.complete) incoming.destroy();
      await Promise.all(underWay.values());
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await listenOn(server, port);
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE')
      throw new Fault('invalid', `no listening on port ${port}: ${code}`, { cause: error });
    await listenOn(server, 0);
  }
  return (server.address() as AddressInfo).port;
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
