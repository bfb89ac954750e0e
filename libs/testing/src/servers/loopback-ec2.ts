import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Ec2Refusal, Ec2World } from './ec2-world';
import { readQuery } from './ec2-query';
import type { Ec2Call } from './ec2-query';
import { toXml } from './ec2-xml';
import { listenOnLoopback } from './listen-on-loopback';

export interface LoopbackEc2 {
  readonly endpoint: string;
  /** The instances, and what can be done to them from outside. */
  readonly world: Ec2World;
  /** Every call so far, also those that were refused. */
  readonly calls: readonly Ec2Call[];
  /** Asked before each call: what it is refused with, if it is; it may also let something happen first. */
  before: (call: Ec2Call) => Promise<Ec2Refusal | void> | Ec2Refusal | void;
  close(): Promise<void>;
}

/**
 * The calls of EC2 that a worker manager makes, on 127.0.0.1: instances with their states and tags, no machines. Form in
 * and XML out, as https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html describes.
 */
export async function openLoopbackEc2(): Promise<LoopbackEc2> {
  const world = new Ec2World();
  const calls: Ec2Call[] = [];

  async function answer(incoming: IncomingMessage): Promise<readonly [status: number, body: string]> {
    const call = readQuery(Buffer.concat(await Array.fromAsync(incoming)).toString());
    calls.push(call);
    try {
      const refusal = await server.before(call);
      if (refusal !== undefined) throw refusal;
      return [200, toXml(`${call.action}Response`, { requestId: REQUEST_ID, ...world.answer(call) })];
    } catch (error) {
      if (!(error instanceof Ec2Refusal)) throw error;
      const { code, message, status } = error;
      const Errors = { Error: { Code: code, Message: message } };
      return [status, toXml('Response', { Errors, RequestID: REQUEST_ID })];
    }
  }

  const http = createServer((incoming, response) => {
    answer(incoming).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' }).end(body),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  const listening = await listenOnLoopback(http);

  const server: LoopbackEc2 = {
    endpoint: listening.origin,
    world,
    calls,
    before: () => undefined,
    close: listening.close,
  };
  return server;
}

const REQUEST_ID = '59dbff89-35bd-4eac-99ed-be587EXAMPLE';
