import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { AwsAccount, AwsRefusal } from './aws-account';
import { readAwsCall } from './aws-call';
import type { AwsCall } from './aws-call';
import { toXml } from './ec2-xml';
import type { XmlValue } from './ec2-xml';
import { listenOnLoopback } from './listen-on-loopback';

export interface LoopbackAws {
  /** What stands for all of AWS's endpoints: `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly account: AwsAccount;
  /** Every call so far, also those that were refused. */
  readonly calls: readonly AwsCall[];
  /** Asked before each call: what it is refused with, if it is. */
  before: (call: AwsCall) => AwsRefusal | void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The calls that describe a deployment, on 127.0.0.1, each in the protocol of its service. */
export async function openLoopbackAws(): Promise<LoopbackAws> {
  const account = new AwsAccount();
  const calls: AwsCall[] = [];

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const call = readAwsCall(incoming, Buffer.concat(await Array.fromAsync(incoming)).toString());
    calls.push(call);
    try {
      const refusal = server.before(call);
      if (refusal !== undefined) throw refusal;
      const given = account.answer(call);
      return 'xml' in given ? inXml(200, resultOf(call, given.xml)) : inJson(200, given.json);
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      return refusalAnswer(call, error);
    }
  }

  const http = createServer((incoming, response) => {
    answer(incoming).then(
      ({ status, headers, body }) => {
        response.writeHead(status, { ...headers, 'x-amzn-requestid': REQUEST_ID });
        response.end(incoming.method === 'HEAD' ? undefined : body);
      },
      (error: unknown) => response.destroy(error as Error),
    );
  });
  const listening = await listenOnLoopback(http);

  const server: LoopbackAws = {
    endpoint: listening.origin,
    account,
    calls,
    before: () => undefined,
    close: listening.close,
  };
  return server;
}

const REQUEST_ID = '01234567-89ab-cdef-0123-456789abcdef';

/** Of services that take a form and answer with XML: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
const NAMESPACES: Readonly<Record<string, string>> = {
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

function refusalAnswer({ service }: AwsCall, { code, message, status }: AwsRefusal): Answer {
  const namespace = NAMESPACES[service];
  if (namespace !== undefined) {
    const Error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
    return inXml(status, toXml('ErrorResponse', { Error, RequestId: REQUEST_ID }, namespace));
  }
  return inJson(status, { __type: code, message }, { 'x-amzn-errortype': code });
}

function resultOf({ service, action }: AwsCall, result: XmlValue): string {
  const answer = { [`${action}Result`]: result, ResponseMetadata: { RequestId: REQUEST_ID } };
  const xml = toXml(`${action}Response`, answer, NAMESPACES[service]);
  // Parts of a list, which EC2 calls otherwise.
  return xml.replaceAll('<item>', '<member>').replaceAll('</item>', '</member>');
}

const inXml = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});

const inJson = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', ...headers },
  body: JSON.stringify(body),
});
