import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transform } from 'node:stream';
import { breakAfter } from './break-stream';
import { runGitBackend } from './git-backend';
import type { GitPushRules } from './git-backend';
import { readRefChanges, writeGitHooks } from './git-hooks';
import type { GitRefChange } from './git-hooks';
import { readBasic, readGitRequest } from './git-request';
import type { GitAccess, GitCredential, GitRequest } from './git-request';
import { listenOnLoopback } from './listen-on-loopback';

/** Whether a request is served, the status it is refused with, or where its repository has gone. */
export type GitVerdict = 'allow' | 401 | 403 | 404 | { readonly movedTo: string };

export interface GitPush {
  /** `owner/name` as the client wrote it. */
  readonly repository: string;
  readonly credential: GitCredential | undefined;
  readonly changes: readonly GitRefChange[];
}

/** Where a transfer breaks off, and which way: what the client sends, or what it is sent. */
export interface GitCut {
  readonly of: 'request' | 'answer';
  readonly afterBytes: number;
}

export interface LoopbackGitOptions {
  /** Bare repositories, as `createBareRepository` makes them. */
  readonly folder: string;
  readonly authorize: (
    credential: GitCredential | undefined,
    repository: string,
    access: GitAccess,
  ) => GitVerdict | Promise<GitVerdict>;
  readonly rules?: (repository: string, credential: GitCredential | undefined) => GitPushRules;
  /** Called once refs have moved, before the client is told. */
  readonly onPush?: (push: GitPush) => Promise<void> | void;
}

export interface GitRequestSeen extends GitRequest {
  readonly status: number;
}

/** Smart HTTP for a folder of repositories, to be put into a server of one's own. */
export interface GitHandler {
  handle(incoming: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Every request so far, also those that were refused. */
  readonly requests: readonly GitRequestSeen[];
  /** Asked for each request that is served: where it breaks off, if it does. A push that arrived whole is done all the same. */
  cut: (request: GitRequest) => GitCut | undefined;
  /** Asked for each request before anything else: the status it is refused with, if it is, such as 503. */
  refuses: (request: GitRequest) => number | undefined;
  close(): void;
}

export interface LoopbackGit extends Omit<GitHandler, 'handle' | 'close'> {
  /** `<origin>/owner/name.git` is what a client clones. */
  readonly origin: string;
  close(): Promise<void>;
}

/** An empty repository `owner/name` in `folder`, in lower case there, because GitHub does not tell cases apart. Its path. */
export function createBareRepository(folder: string, repository: string, defaultBranch = 'main'): string {
  const path = bareRepositoryPath(folder, repository);
  mkdirSync(path, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, path]);
  return path;
}

export function bareRepositoryPath(folder: string, repository: string): string {
  return join(folder, `${repository.toLowerCase()}.git`);
}

/** Real git over smart HTTP, as https://git-scm.com/docs/gitprotocol-http has it. The dumb protocol is not served. */
export function gitHandler(options: LoopbackGitOptions): GitHandler {
  const requests: GitRequestSeen[] = [];
  const ownFolder = mkdtempSync(join(tmpdir(), 'loopback-git-'));
  const hooksFolder = join(ownFolder, 'hooks');
  writeGitHooks(hooksFolder);
  let served = 0;

  async function serve(
    incoming: IncomingMessage,
    response: ServerResponse,
    request: GitRequest & { readonly repository: string },
    credential: GitCredential | undefined,
  ): Promise<void> {
    served += 1;
    const pushedFile = join(ownFolder, `pushed-${served}`);
    await runGitBackend(incoming, response, {
      projectRoot: options.folder,
      pathInfo: `/${request.repository.toLowerCase()}.git/${request.service}`,
      hooksFolder,
      pushedFile,
      rules: options.rules?.(request.repository, credential) ?? {},
      remoteUser: request.access === 'push' ? 'git' : undefined,
      through: breaking(handler.cut(request), incoming),
    });
    if (existsSync(pushedFile)) {
      const changes = readRefChanges(readFileSync(pushedFile, 'utf8'));
      await options.onPush?.({ repository: request.repository, credential, changes });
    }
    response.end();
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = readGitRequest(incoming);
    const { repository, access } = request;
    const credential = readBasic(incoming.headers.authorization);
    const verdict = repository === undefined ? 404 : await options.authorize(credential, repository, access);
    const isThere = repository !== undefined && existsSync(bareRepositoryPath(options.folder, repository));
    requests.push({
      ...request,
      get status() {
        return response.statusCode;
      },
    });
    const refused = handler.refuses(request);
    if (refused !== undefined) return void response.writeHead(refused).end();
    if (verdict === 'allow' && isThere) {
      return serve(incoming, response, { ...request, repository }, credential);
    }
    const status = verdict === 'allow' ? 404 : typeof verdict === 'object' ? 301 : verdict;
    if (typeof verdict === 'object') {
      response.setHeader(
        'location',
        request.path.replace(/^\/[\w.-]+\/[\w.-]+?(?=(\.git)?\/)/, () => `/${verdict.movedTo}`),
      );
    }
    refuse(response, status, credential !== undefined);
  }

  const handler: GitHandler = {
    handle,
    requests,
    cut: () => undefined,
    refuses: () => undefined,
    close: () => rmSync(ownFolder, { recursive: true, force: true }),
  };
  return handler;
}

/** Git on 127.0.0.1. What goes wrong with it is set while it runs. */
export async function openLoopbackGit(options: LoopbackGitOptions): Promise<LoopbackGit> {
  const handler = gitHandler(options);
  const server = createServer((incoming, response) => {
    handler.handle(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const listening = await listenOnLoopback(server);
  return {
    origin: listening.origin,
    requests: handler.requests,
    get cut() {
      return handler.cut;
    },
    set cut(cut) {
      handler.cut = cut;
    },
    get refuses() {
      return handler.refuses;
    },
    set refuses(refuses) {
      handler.refuses = refuses;
    },
    async close() {
      await listening.close();
      handler.close();
    },
  };
}

function breaking(
  cut: GitCut | undefined,
  { socket }: IncomingMessage,
): { readonly request?: Transform; readonly answer?: Transform } {
  if (cut === undefined) return {};
  // What was sent before must be on its way.
  const stream = breakAfter(cut.afterBytes, () => setImmediate(() => socket.destroySoon()));
  return cut.of === 'request' ? { request: stream } : { answer: stream };
}

/** In GitHub's words, which git shows with `remote:` before them. */
function refuse(response: ServerResponse, status: number, isKnown: boolean): void {
  if (status === 401) response.setHeader('www-authenticate', 'Basic realm="GitHub"');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(status === 301 ? '' : `${wordsFor(status, isKnown)}\n`);
}

function wordsFor(status: number, isKnown: boolean): string {
  if (status === 403) return 'Write access to repository not granted.';
  if (status === 404) return 'Repository not found.';
  return isKnown
    ? 'Invalid username or token. Password authentication is not supported for Git operations.'
    : 'No anonymous write access.';
}
