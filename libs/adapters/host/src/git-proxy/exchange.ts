import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** A request of a shell's, with where its answer goes. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Aborted when the client is gone, or the proxy ends. */
  readonly signal: AbortSignal;
}

/** All that a host gets to see of a client's request. */
const ASKED = ['accept', 'accept-encoding', 'accept-language', 'content-type', 'git-protocol', 'user-agent'];
/** All that a client gets to see of a host's answer: none of them can name or hold a credential. */
const ANSWERED = ['content-type', 'content-encoding', 'content-length', 'cache-control', 'expires', 'pragma'];

export function headersToHost(
  headers: IncomingHttpHeaders,
  more: readonly string[] = [],
): OutgoingHttpHeaders {
  return chosen(headers, [...ASKED, ...more]);
}

/** Hands a host's answer on, as fast as the client takes it. A body that breaks off breaks off there too. */
export async function passOn(
  answer: IncomingMessage,
  { outgoing, signal }: Exchange,
  watch: (piece: Buffer) => void = () => undefined,
  more: readonly string[] = [],
): Promise<void> {
  outgoing.writeHead(answer.statusCode ?? 502, chosen(answer.headers, [...ANSWERED, ...more]));
  answer.on('data', watch);
  await pipeline(answer, outgoing, { signal });
}

export function answerWith(
  outgoing: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache',
  });
  outgoing.end(body);
}

function chosen(headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const])),
  );
}
