import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger, RepoCredentials } from '@swe/domain';
import { answerWith } from './exchange';
import type { Exchange } from './exchange';
import { readGitRoute } from './git-route';
import type { JudgeChange } from './judge-change';
import { LfsTickets } from './lfs-tickets';
import { RepositoryAccess } from './repository-access';
import { serveFetch, serveRefs } from './serve-fetch';
import { refuseLfsLocks, serveLfsBatch, serveLfsObject } from './serve-lfs';
import { servePush } from './serve-push';
import type { WorkflowRules } from './serve-push';
import { shellGitEnvironment } from './shell-git-environment';

export interface GitProxyOptions {
  readonly sessionId: string;
  /** The hosts that are served, such as `https://github.com`. */
  readonly origins: readonly string[];
  readonly credentials: RepoCredentials;
  /**
   * Whether a repository is one that the session works on: `https://github.com/owner/name`, in the letters that the
   * shell wrote, which hosts may not tell apart.
   */
  isOfSession(repository: string): boolean | Promise<boolean>;
  /**
   * Throws `denied`, in words for the pusher, where nothing may be pushed to a repository of the session as it stands:
   * the agent may write to more than those whom it works for.
   */
  demandPush(repository: string): Promise<void>;
  readonly workflows: WorkflowRules;
  /** Asked last, of a push that nothing else stands against. */
  readonly judgeChange: JudgeChange;
  readonly logger: Logger;
}

export interface GitProxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What git needs in a shell's environment to go through here. No credential of a host is in it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What each may hold is bounded, and so is all of it. Git itself opens one, git-lfs eight. */
const MAX_CONNECTIONS = 100;

/**
 * Opens a smart-HTTP proxy on the loopback interface that adds the credentials which git in a shell does not have. It
 * lets read what is public and the session's repositories, and lets push to the session's own branches only. Who does
 * not know its key gets nothing, so other users of the machine can't use it.
 */
export async function openGitProxy(options: GitProxyOptions): Promise<GitProxy> {
  const key = `Bearer ${randomBytes(32).toString('base64url')}`;
  const ended = new AbortController();
  const serving = new Set<Promise<void>>();
  // A push takes as long as it takes.
  const server = createServer({ requestTimeout: 0 });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serve = serverOf(options, url);

  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!isEqual(incoming.headers.authorization ?? '', key)) {
      incoming.resume();
      return answerWith(outgoing, 403, 'text/plain', 'Forbidden\n');
    }
    const gone = new AbortController();
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort();
    });
    const signal = AbortSignal.any([gone.signal, ended.signal]);
    const served = serve({ incoming, outgoing, signal }).catch(() => void outgoing.destroy());
    serving.add(served);
    void served.finally(() => serving.delete(served));
  });

  return {
    url,
    environment: shellGitEnvironment(url, options.origins, key),
    async [Symbol.asyncDispose]() {
      ended.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, ...serving]);
    },
  };
}

function serverOf(options: GitProxyOptions, proxyUrl: string): (exchange: Exchange) => Promise<void> {
  const { sessionId, origins, workflows, judgeChange, logger } = options;
  const access = new RepositoryAccess(options);
  const tickets = new LfsTickets();
  const ports = { sessionId, access, workflows, judgeChange, logger, proxyUrl, tickets };
  return async (exchange) => {
    const { incoming, outgoing } = exchange;
    const route = readGitRoute(incoming.method, incoming.url, origins);
    if (typeof route === 'number') {
      incoming.resume();
      return answerWith(outgoing, route, 'text/plain', 'Only git repositories are served here.\n');
    }
    if (route.kind === 'refs') return serveRefs(exchange, route, ports);
    if (route.kind === 'fetch') return serveFetch(exchange, { ...route, kind: 'fetch' }, ports);
    if (route.kind === 'push') return servePush(exchange, { ...route, kind: 'push' }, ports);
    if (route.kind === 'lfs-batch') return serveLfsBatch(exchange, { ...route, kind: 'lfs-batch' }, ports);
    if (route.kind === 'lfs-object') return serveLfsObject(exchange, route.ticket, ports);
    return refuseLfsLocks(exchange);
  };
}

/** In the same time whatever is wrong with it. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
