import { createHash } from 'node:crypto';
import type { ApiKeys, Logger } from '@swe/domain';
import { requester } from './program';
import type { Config, Program } from './program';
import type { ServedPage } from './serve-http';

/** Browsers send a cookie to every port of a host: twins with homes of their own have cookies of their own. */
export const cookieOf = ({ home }: Pick<Config, 'home'>): string =>
  `swe_${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;

/**
 * The console, which a browser gets into by an address that is good once, and is said whenever there is a new one.
 * Undefined where it is not built.
 */
export async function openConsole(
  program: Program,
  config: Config,
  { keys, logger }: { readonly keys: ApiKeys; readonly logger: Logger },
): Promise<ServedPage | undefined> {
  const { consoleApp, readStaticFiles, SignIn } = await import('@swe/adapter-http/console');
  const files = await readStaticFiles(program.consoleFolder);
  if (files.size === 0) return undefined;
  const { clock, random, out } = program;
  let url = '';
  const addressOf = (token: string): string => `${url}/sign-in?token=${token}`;
  const signIn = new SignIn({
    keys,
    clock,
    random,
    requester: requester(program),
    onUsed: (next) => out(`A browser is in. For another one: ${addressOf(next)}\n`),
  });
  const { fetch } = consoleApp({
    files,
    cookie: cookieOf(config),
    keys,
    clock,
    logger,
    signIn,
  });
  return {
    fetch: (request) => fetch(request),
    onServed(served) {
      url = served;
      out(`\nOpen ${addressOf(signIn.token)}\n\n`);
    },
  };
}
