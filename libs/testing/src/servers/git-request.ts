import type { IncomingMessage } from 'node:http';

/** What git's own credential protocol calls username and password. */
export interface GitCredential {
  readonly username: string;
  readonly password: string;
}

export type GitAccess = 'read' | 'push';

/** One request of a git client, as https://git-scm.com/docs/gitprotocol-http has them. */
export interface GitRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** `owner/name`, without `.git`; undefined where the path is none of the smart protocol's. */
  readonly repository: string | undefined;
  readonly service: 'info/refs' | 'git-upload-pack' | 'git-receive-pack' | undefined;
  readonly access: GitAccess;
  readonly isAuthorized: boolean;
}

const PATH = /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export function readGitRequest({ method = 'GET', url = '/', headers }: IncomingMessage): GitRequest {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const [, repository, service] = PATH.exec(pathname) ?? [];
  const isPush = service === 'git-receive-pack' || searchParams.get('service') === 'git-receive-pack';
  return {
    method,
    path: url,
    repository,
    service: service as GitRequest['service'],
    access: isPush ? 'push' : 'read',
    isAuthorized: headers.authorization !== undefined,
  };
}

/** https://datatracker.ietf.org/doc/html/rfc7617; anything else than Basic is no credential. */
export function readBasic(authorization: string | undefined): GitCredential | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
