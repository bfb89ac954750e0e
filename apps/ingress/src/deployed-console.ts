import { CognitoAccounts } from '@swe/adapter-aws/cognito';
import { AccountSignIn, consoleApp, fromObjects } from '@swe/adapter-http/console';
import { consoleSetting } from '@swe/config/console';
import { isFault } from '@swe/domain';
import type { ApiKeys, Clock, Logger, Random } from '@swe/domain';

export interface DeployedConsoleOptions {
  /** What the console's stack told; throws `missing` where that is not deployed. */
  readonly readSetting: () => Promise<string>;
  /** What lies in the bucket below a prefix. */
  readonly readObjects: (prefix: string) => Promise<ReadonlyMap<string, Uint8Array>>;
  /** The cookie's name. */
  readonly cookie: string;
  readonly keys: ApiKeys;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly random: Pick<Random, 'id'>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

type Serve = (request: Request) => Response | Promise<Response>;

/** What is served, and what the stack said then. */
interface Served {
  readonly setting: string;
  readonly serve: Serve;
}

/** How long a deployment of the console may go unseen, and is none looked for. */
const LOOK_MS = 60_000;
/** Where a file is missing, which a newer page may have: another process served that already. */
const LOOK_AGAIN_MS = 5_000;

/**
 * The console as its stack says it is at the moment: its files, read once for each version, and the ways in. Without the
 * stack there is nothing.
 */
export class DeployedConsole {
  readonly #options: DeployedConsoleOptions;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #served: Promise<Served | undefined> = Promise.resolve(undefined);

  constructor(options: DeployedConsoleOptions) {
    this.#options = options;
  }

  async fetch(request: Request): Promise<Response | undefined> {
    const served = await this.#current(LOOK_MS);
    const response = await served?.serve(request);
    const { pathname } = new URL(request.url);
    if (response?.status !== 404 || !pathname.startsWith('/assets/')) return response;
    const newer = await this.#current(LOOK_AGAIN_MS);
    return newer === served ? response : newer?.serve(request);
  }

  #current(maxAgeMs: number): Promise<Served | undefined> {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#lookedAtMs >= maxAgeMs) {
      this.#lookedAtMs = nowMs;
      this.#served = this.#look(this.#served);
    }
    return this.#served;
  }

  async #look(lookedBefore: Promise<Served | undefined>): Promise<Served | undefined> {
    const before = await lookedBefore.catch(() => undefined);
    const { readSetting, logger } = this.#options;
    try {
      const setting = await readSetting();
      return setting === before?.setting ? before : { setting, serve: await this.#open(setting) };
    } catch (error) {
      if (isFault(error, 'missing')) return undefined;
      if (before !== undefined) {
        logger.error('console.not-read', { reason: Error.isError(error) ? error.message : String(error) });
        return before;
      }
      this.#lookedAtMs = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  async #open(setting: string): Promise<Serve> {
    const { readObjects, ...options } = this.#options;
    const { files, ...pool } = consoleSetting.parse(JSON.parse(setting));
    const accounts = new AccountSignIn(options, new CognitoAccounts(pool));
    const { fetch } = consoleApp({ ...options, accounts, files: fromObjects(await readObjects(files)) });
    return fetch;
  }
}
