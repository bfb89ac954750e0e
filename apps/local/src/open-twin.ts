import { homedir } from 'node:os';
import { join } from 'node:path';
import { FolderBlobStore } from '@swe/adapter-local/folder';
import { openForge } from '@swe/adapter-local/forge';
import { FolderGlimpses } from '@swe/adapter-local/glimpses';
import { LoopbackBus } from '@swe/adapter-local/loopback-bus';
import { ProcessCompute } from '@swe/adapter-local/process-compute';
import {
  openSqliteStore,
  SqliteAccess,
  SqliteApiKeys,
  SqliteJournal,
  SqliteLedger,
  SqliteOutbox,
  SqliteSessionStore,
} from '@swe/adapter-local/sqlite';
import { TerminalChat } from '@swe/adapter-local/terminal-chat';
import { routeChat, routeDirectory, routeRepoHosts } from '@swe/application/agent';
import type { Clock, Logger, Random } from '@swe/domain';
import type { Github } from '@swe/wiring/github';
import { openImage } from '@swe/wiring/image';
import { isForgeUrl, twinHome } from '@swe/wiring/twin-home';
import { openWebPage } from '@swe/wiring/web-page';
import type { ServedSlack } from './open-slack';

export interface TwinOptions {
  /** The twin's folder. */
  readonly home: string;
  readonly path: string;
  /** How git reaches a repository that is given by URL. */
  readonly gitAccess: Readonly<Record<string, string | undefined>>;
  /** This program, to be executed for a worker, and the environment to do that in. */
  readonly worker: {
    readonly program: readonly [string, ...string[]];
    readonly environment: Readonly<Record<string, string>>;
  };
  /** A workspace that is served beside terminals. */
  readonly slack: ServedSlack | undefined;
  readonly github: Github | undefined;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly clock: Clock;
  readonly random: Random;
}

export type Twin = ReturnType<typeof openTwinAt>;

/** Everything of the twin that outlives one session. */
export function openTwinAt({
  home,
  path,
  gitAccess,
  worker,
  slack,
  github,
  logger,
  clock,
  random,
}: TwinOptions) {
  const database = openSqliteStore(join(home, 'store.sqlite'));
  const access = Object.entries(gitAccess).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const env = { ...Object.fromEntries(access), PATH: path, HOME: homedir() };
  const forge = openForge({ folder: twinHome(home).forge, env, clock });
  const terminal = new TerminalChat({ folder: twinHome(home).threads, clock, random });
  return {
    store: new SqliteSessionStore(database),
    journal: new SqliteJournal(database),
    outbox: new SqliteOutbox(database),
    ledger: new SqliteLedger(database),
    access: new SqliteAccess(database),
    keys: new SqliteApiKeys(database),
    bus: new LoopbackBus(),
    glimpses: new FolderGlimpses(twinHome(home).glimpses),
    directory: routeDirectory({
      ...(slack && { slack: slack.directory }),
      ...(github && { github: github.directory(logger) }),
    }),
    chat: routeChat(
      { terminal, ...(slack && { slack: slack.chat }), ...(github && { github: github.chat }) },
      logger,
    ),
    git: github && { origins: [github.server.webUrl], credentials: github.credentials },
    blobs: new FolderBlobStore(join(home, 'blobs')),
    ...routeRepoHosts([{ serves: isForgeUrl, repoHost: forge.host }, ...(github ? [github] : [])]),
    image: openImage(),
    webPage: openWebPage(),
    compute: new ProcessCompute({
      folder: join(home, 'workers'),
      command: (id, generation) => [...worker.program, 'work', id, '--generation', String(generation)],
      environment: worker.environment,
      clock,
    }),
    forge,
    /** Throws `invalid` when one of its databases is damaged. */
    check: () => {
      database.check();
      forge.check();
    },
    [Symbol.dispose]: () => {
      forge.close();
      database.close();
    },
  };
}
