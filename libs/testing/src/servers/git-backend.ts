import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Transform } from 'node:stream';

/** What a push may not do. */
export interface GitPushRules {
  /** Refs that it may not move, such as `refs/heads/main`. */
  readonly protectedRefs?: readonly string[];
  /** Why it may not change a file below `.github/workflows`, which is called `{path}` there, if it may not. */
  readonly workflowRefusal?: string | undefined;
}

export interface GitBackendRequest {
  readonly projectRoot: string;
  /** Below the root, such as `/acme/shop.git/info/refs`. */
  readonly pathInfo: string;
  readonly hooksFolder: string;
  /** The file that the refs which a push moved are written to. */
  readonly pushedFile: string;
  readonly rules: GitPushRules;
  /** Set where the client is known, without which `git http-backend` takes no push. */
  readonly remoteUser: string | undefined;
  /** What request and answer pass through. */
  readonly through: { readonly request?: Transform; readonly answer?: Transform };
}

/** GitHub's: partial clones, any commit by its hash, and pull requests' refs that nobody can push to. */
const SETTINGS: Readonly<Record<string, string>> = {
  'uploadpack.allowFilter': 'true',
  'uploadpack.allowAnySHA1InWant': 'true',
  'receive.hideRefs': 'refs/pull',
};

/**
 * Has `git http-backend` (https://git-scm.com/docs/git-http-backend) answer, byte by byte as it comes. The answer is left
 * open at its end, so that what a push brings about is done before the client knows of it.
 */
export async function runGitBackend(
  incoming: IncomingMessage,
  response: ServerResponse,
  request: GitBackendRequest,
): Promise<void> {
  // `env` becomes git, and keeps the rest of the environment without anybody here reading it.
  const child = spawn('env', [...variables(incoming, request), 'git', 'http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  // What git does not read any more is no failure: it has answered already.
  child.stdin.on('error', () => undefined);
  const { request: upload, answer } = request.through;
  (upload === undefined ? incoming : incoming.pipe(upload)).pipe(child.stdin);
  incoming.once('close', () => {
    if (!incoming.complete) child.stdin.end();
  });
  await answerFrom(child.stdout, response, answer);
  await ended;
}

function variables({ method = 'GET', url = '/', headers }: IncomingMessage, request: GitBackendRequest) {
  const settings = Object.entries({ ...SETTINGS, 'core.hooksPath': request.hooksFolder });
  const given = {
    GIT_PROJECT_ROOT: request.projectRoot,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: request.pathInfo,
    QUERY_STRING: new URL(url, 'http://127.0.0.1').search.slice(1),
    REQUEST_METHOD: method,
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: request.remoteUser,
    CONTENT_TYPE: headers['content-type'],
    CONTENT_LENGTH: headers['content-length'],
    HTTP_CONTENT_ENCODING: headers['content-encoding'],
    GIT_PROTOCOL: headers['git-protocol']?.toString(),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.map(([name], index) => [`GIT_CONFIG_KEY_${index}`, name])),
    ...Object.fromEntries(settings.map(([, value], index) => [`GIT_CONFIG_VALUE_${index}`, value])),
    LOOPBACK_PUSHED: request.pushedFile,
    LOOPBACK_PROTECTED: request.rules.protectedRefs?.join('\n') ?? '',
    LOOPBACK_NO_WORKFLOWS: request.rules.workflowRefusal ?? '',
  };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`));
}

/** https://datatracker.ietf.org/doc/html/rfc3875#section-6: header lines, an empty one, the body. */
async function answerFrom(output: Readable, response: ServerResponse, through?: Transform): Promise<void> {
  let head = Buffer.alloc(0);
  const sink = through ?? response;
  through?.pipe(response, { end: false });
  let isInBody = false;
  for await (const chunk of output) {
    if (isInBody) {
      await write(sink, chunk as Buffer);
      continue;
    }
    head = Buffer.concat([head, chunk as Buffer]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    isInBody = true;
    writeHead(response, head.subarray(0, end).toString());
    if (head.length > end + 4) await write(sink, head.subarray(end + 4));
  }
  if (!isInBody && !response.destroyed) response.writeHead(500);
}

function writeHead(response: ServerResponse, lines: string): void {
  const headers = lines.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  response.writeHead(
    Number.parseInt(status, 10),
    Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
  );
  response.flushHeaders();
}

/** Waits while the client is slow; a client that is gone takes everything. */
async function write(
  sink: NodeJS.WritableStream & { readonly destroyed?: boolean },
  chunk: Buffer,
): Promise<void> {
  if (sink.destroyed === true || sink.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      for (const event of ['drain', 'close', 'error']) sink.removeListener(event, go);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) sink.once(event, go);
  });
}
