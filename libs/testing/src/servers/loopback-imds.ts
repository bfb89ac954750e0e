import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { listenOnLoopback } from './listen-on-loopback';

export interface LoopbackImds {
  /** What `AWS_EC2_METADATA_SERVICE_ENDPOINT` is set to. */
  readonly endpoint: string;
  /** EC2 gives notice that it takes the instance away. */
  giveSpotNotice(time: string): void;
  close(): Promise<void>;
}

const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';
const LONGEST_TTL_SECONDS = 21_600;

/**
 * One instance's metadata service on 127.0.0.1, version 2 only: without a token it gives nothing
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html). It tells tags, as they are
 * when they are asked for, the credentials of its role, and the notice to a spot instance.
 */
export async function openLoopbackImds(tags: () => Readonly<Record<string, string>>): Promise<LoopbackImds> {
  const tokens = new Set<string>();
  let notice: string | undefined;

  function answer({ method, url = '', headers }: IncomingMessage): readonly [status: number, body: string] {
    const path = decodeURIComponent(url);
    if (path === '/latest/api/token') {
      const seconds = Number(headers[TTL]);
      if (method !== 'PUT') return [405, ''];
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TTL_SECONDS) return [400, ''];
      const token = randomUUID();
      tokens.add(token);
      return [200, token];
    }
    if (!tokens.has(String(headers['x-aws-ec2-metadata-token']))) return [401, ''];
    const value = valueAt(path);
    return value === undefined ? [404, ''] : [200, value];
  }

  function valueAt(path: string): string | undefined {
    if (path === '/latest/meta-data/spot/instance-action') return notice;
    if (path === ROLES) return ROLE;
    if (path === `${ROLES}${ROLE}`) return CREDENTIALS;
    return path.startsWith(TAGS) ? tags()[path.slice(TAGS.length)] : undefined;
  }

  const http = createServer((incoming, response) => {
    const [status, body] = answer(incoming);
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  });
  const listening = await listenOnLoopback(http);

  return {
    endpoint: listening.origin,
    giveSpotNotice: (time) => void (notice = JSON.stringify({ action: 'terminate', time })),
    close: listening.close,
  };
}

const TAGS = '/latest/meta-data/tags/instance/';
const ROLES = '/latest/meta-data/iam/security-credentials/';
const ROLE = 'swe-worker';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
const CREDENTIALS = `{
  "Code" : "Success",
  "LastUpdated" : "2012-04-26T16:39:16Z",
  "Type" : "AWS-HMAC",
  "AccessKeyId" : "ASIAIOSFODNN7EXAMPLE",
  "SecretAccessKey" : "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "Token" : "token",
  "Expiration" : "2017-05-17T15:09:54Z"
}`;
