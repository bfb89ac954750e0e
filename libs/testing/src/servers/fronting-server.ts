import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsRequest } from './aws-permissions';
import { listenOnLoopback } from './listen-on-loopback';

export interface FrontingServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface FrontingAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
}

/** Stands before another server, and lets through what `answer` says nothing to. */
export async function openFrontingServer(
  upstream: string,
  answer: (request: AwsRequest) => FrontingAnswer | undefined,
): Promise<FrontingServer> {
  const server = createServer(async (incoming, response) => {
    try {
      const body = Buffer.concat(await Array.fromAsync(incoming));
      const { method = '', url = '/', headers } = incoming;
      const own = answer({ method, url, headers, body });
      if (own === undefined) return pass(incoming, body, response);
      response.writeHead(own.status, { 'content-type': own.contentType }).end(own.body);
    } catch (error) {
      response.destroy(error as Error);
    }
  });
  const listening = await listenOnLoopback(server);

  function pass({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const onward = request(new URL(url ?? '/', upstream), { method, headers }, (theirs) => {
      response.writeHead(theirs.statusCode ?? 502, theirs.headers);
      theirs.pipe(response);
    });
    onward.on('error', (error) => response.destroy(error));
    onward.end(body);
  }

  return {
    endpoint: listening.origin,
    close: listening.close,
  };
}
