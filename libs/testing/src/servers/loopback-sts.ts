import { createServer } from 'node:http';
import { listenOnLoopback } from './listen-on-loopback';

export interface LoopbackSts {
  readonly endpoint: string;
  /** The tags of the role session that a session token belongs to; undefined for a token that was not given here. */
  tagsOf(token: string): Readonly<Record<string, string>> | undefined;
  /** How often a role was taken. */
  readonly taken: number;
  close(): Promise<void>;
}

export interface LoopbackStsOptions {
  /** What is given to everybody: who has taken a role is told by the session token. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const HOUR_MS = 3_600_000;

/**
 * STS on 127.0.0.1, as far as roles are taken with tags; who may is not asked.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function openLoopbackSts(options: LoopbackStsOptions): Promise<LoopbackSts> {
  const sessions: Readonly<Record<string, string>>[] = [];

  function assume(form: URLSearchParams): string {
    const tags: Record<string, string> = {};
    for (let i = 1; form.has(`Tags.member.${i}.Key`); i += 1) {
      tags[form.get(`Tags.member.${i}.Key`) ?? ''] = form.get(`Tags.member.${i}.Value`) ?? '';
    }
    sessions.push(tags);
    return `<AssumeRoleResponse><AssumeRoleResult><Credentials>
<AccessKeyId>${options.accessKeyId}</AccessKeyId><SecretAccessKey>${options.secretAccessKey}</SecretAccessKey>
<SessionToken>role-session-${sessions.length}</SessionToken>
<Expiration>${new Date(Date.now() + HOUR_MS).toISOString()}</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  }

  const server = createServer(async (incoming, response) => {
    const form = new URLSearchParams(Buffer.concat(await Array.fromAsync(incoming)).toString());
    const isKnown = form.get('Action') === 'AssumeRole';
    response.writeHead(isKnown ? 200 : 400, { 'content-type': 'text/xml' });
    response.end(isKnown ? assume(form) : '');
  });
  const listening = await listenOnLoopback(server);

  return {
    endpoint: listening.origin,
    tagsOf: (token) => sessions[Number(/^role-session-(\d+)$/.exec(token)?.[1]) - 1],
    get taken() {
      return sessions.length;
    },
    close: listening.close,
  };
}
