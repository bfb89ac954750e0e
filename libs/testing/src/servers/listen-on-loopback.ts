import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a server is heard, and how it ends: with every connection that is still open. */
export interface Listening {
  readonly origin: string;
  close(): Promise<void>;
}

/** Has `server` listen on a free port of this machine's loopback interface. */
export async function listenOnLoopback(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
