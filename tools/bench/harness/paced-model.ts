import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicEvents, writtenEvent } from '@swe/testing/servers';
import type { LoopbackAnswer } from '@swe/testing/servers';

/** A request that has arrived whole, and is not answered yet. */
export interface Arrival {
  /** By `performance.now`. */
  readonly atMs: number;
  readonly bytes: number;
  readonly body: () => string;
  /** Connections that were opened so far. */
  readonly connections: number;
  answer(answer: LoopbackAnswer): void;
}

export interface PacedModel {
  readonly url: string;
  /** The next request; one at a time. */
  next(): Promise<Arrival>;
  close(): Promise<void>;
}

/**
 * Anthropic's Messages API on this machine as far as a benchmark needs it: it answers when it is told to, in the bytes of
 * the vendor, and reads nothing out of requests, so that it adds next to nothing to what is measured.
 */
export async function openPacedModel(): Promise<PacedModel> {
  const arrived: Arrival[] = [];
  let connections = 0;
  let wake = (): void => undefined;

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const atMs = performance.now();
    arrived.push({
      atMs,
      bytes: chunks.reduce((sum, { length }) => sum + length, 0),
      body: () => Buffer.concat(chunks).toString(),
      connections,
      answer(answer) {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
        for (const event of anthropicEvents(answer, { path: '', headers: {}, body: {} })) {
          if (typeof event !== 'string') response.write(writtenEvent(event));
        }
        response.end();
      },
    });
    wake();
  }

  const server = createServer((incoming, response) => {
    take(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  // Between two answers the other side has its turn.
  server.keepAliveTimeout = 60_000;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async next() {
      while (arrived.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return arrived.shift()!;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
