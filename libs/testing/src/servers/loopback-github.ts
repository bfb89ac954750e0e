import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@swe/domain';
import { githubActivity } from './github-activity';
import type { GithubActivity } from './github-activity';
import { GithubApi } from './github-api';
import type { GithubCallSeen, GithubRequest } from './github-api';
import { gitAuthority } from './github-git-access';
import { GithubHooks } from './github-hooks';
import { GithubRate } from './github-rate';
import type { GithubRefusal } from './github-refusal';
import { GithubTokens } from './github-tokens';
import type { GithubView } from './github-view';
import { GithubWorld } from './github-world';
import { readGitRequest } from './git-request';
import { gitHandler } from './loopback-git';
import type { GitHandler } from './loopback-git';
import { listenOnLoopback } from './listen-on-loopback';

export interface LoopbackGithubOptions {
  readonly clock?: Pick<Clock, 'nowMs' | 'sleep'>;
  /** `/` as at api.github.com, which is another host than git's; `/api/v3` as on Enterprise Server, where they are one. */
  readonly basePath?: '/' | '/api/v3';
  readonly webhookSecret?: string;
  /** The app whose webhooks these are; without it they are a repository's own, which name no installation. */
  readonly app?: {
    readonly slug: string;
    /** PEM. */
    readonly publicKey?: string;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly events?: readonly string[];
  };
}

/** GitHub on 127.0.0.1. What goes wrong with it is set while it runs. */
export interface LoopbackGithub {
  /** What a client is given as `baseUrl`, without a slash at its end. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** `<serverUrl>/owner/name.git` is what git clones; pages have their addresses there. */
  readonly serverUrl: string;
  readonly webhookSecret: string;
  readonly world: GithubWorld;
  readonly tokens: GithubTokens;
  /** What people do; whatever comes over the API happens there, too. */
  readonly activity: GithubActivity;
  readonly hooks: GithubHooks;
  readonly rate: GithubRate;
  readonly git: Pick<GitHandler, 'requests' | 'cut' | 'refuses'>;
  /** Every request to the API so far, also those that were refused. */
  readonly calls: readonly GithubCallSeen[];
  /** Requests, of the API or of git's server, for routes that are not here. A test that expects none fails on it. */
  readonly unknown: readonly string[];
  /** Asked before each request: what it is refused with, if it is; it may also let something happen first. */
  before: (request: GithubRequest) => Promise<GithubRefusal | void> | GithubRefusal | void;
  /** Whether the connection breaks after the request is done, so that its answer is lost. */
  losesAnswerTo: (request: GithubRequest) => boolean;
  close(): Promise<void>;
}

const systemClock: Pick<Clock, 'nowMs' | 'sleep'> = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** GitHub's REST API, its GraphQL API as far as REST lacks something, git over HTTP, and the webhooks of one app. */
export async function openLoopbackGithub(options: LoopbackGithubOptions = {}): Promise<LoopbackGithub> {
  const { clock = systemClock, basePath = '/', webhookSecret = "It's a Secret to Everybody" } = options;
  const folder = mkdtempSync(join(tmpdir(), 'loopback-github-'));
  const world = new GithubWorld(join(folder, 'repositories'), () => clock.nowMs());
  world.addApp('github-actions');
  const app = options.app && world.addApp(options.app.slug, options.app);
  const tokens = new GithubTokens(world);
  const rate = new GithubRate(() => clock.nowMs());

  const isEnterprise = basePath === '/api/v3';
  if (isEnterprise) tokens.installationFormat = 'opaque';
  const web = createServer((incoming, response) => {
    const isApi = isEnterprise && /^\/api\/(v3|graphql)(\/|\?|$)/.test(incoming.url ?? '');
    const answering = isApi ? api.handle(incoming, response) : webRequest(incoming, response);
    answering.catch((error: unknown) => response.destroy(error as Error));
  });
  const listening = await listenOnLoopback(web);
  const serverUrl = listening.origin;
  const apiListening = isEnterprise
    ? undefined
    : await listenOnLoopback(
        createServer((incoming, response) => {
          api.handle(incoming, response).catch((error: unknown) => response.destroy(error as Error));
        }),
      );
  const apiUrl = apiListening?.origin ?? `${serverUrl}/api/v3`;

  const view: GithubView = { world, apiUrl, htmlUrl: serverUrl };
  const hooks = new GithubHooks(view, { clock, secret: webhookSecret, app });
  const activity = githubActivity(view, (event) => hooks.emit(event));
  const api = new GithubApi({ world, tokens, activity, view, rate });
  const git = gitHandler({ folder: join(folder, 'repositories'), ...gitAuthority(world, tokens, activity) });

  async function webRequest(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const job = /^\/_job-logs\/(\d+)\?se=(\d+)$/.exec(incoming.url ?? '');
    if (job === null) {
      const { method, path, repository } = readGitRequest(incoming);
      if (repository === undefined) api.unknown.push(`${method} ${path}`);
      return git.handle(incoming, response);
    }
    const log = Number(job[2]) < clock.nowMs() ? undefined : logOf(world, Number(job[1]));
    response.writeHead(log === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(log);
  }

  return {
    apiUrl,
    graphqlUrl: isEnterprise ? `${serverUrl}/api/graphql` : `${apiUrl}/graphql`,
    serverUrl,
    webhookSecret,
    world,
    tokens,
    activity,
    hooks,
    rate,
    git,
    calls: api.calls,
    unknown: api.unknown,
    get before() {
      return api.before;
    },
    set before(before) {
      api.before = before;
    },
    get losesAnswerTo() {
      return api.losesAnswerTo;
    },
    set losesAnswerTo(loses) {
      api.losesAnswerTo = loses;
    },
    close: async () => {
      await Promise.all([listening.close(), apiListening?.close()]);
      await hooks.idle();
      git.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function logOf(world: GithubWorld, id: number): string | undefined {
  const runs = [...world.repositories.values()].flatMap(({ checkRuns }) => checkRuns);
  return runs.find((run) => run.id === id)?.log;
}
