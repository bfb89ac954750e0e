import { once } from 'node:events';
import type { IngressOptions } from '@swe/adapter-http/ingress';
import type { Config, Program } from './program';

/** What people see of it in a browser. */
export interface ServedPage {
  readonly fetch: NonNullable<IngressOptions['rest']>;
  /** Told where it is. */
  onServed(url: string): void;
}

/**
 * Serves the twin's ingress on this machine, says where, and gives what keeps it up until a signal aborts. It is one app
 * of all routes, as the Lambda's is.
 */
export async function serveHttp(
  { out }: Pick<Program, 'out'>,
  { httpPort }: Pick<Config, 'httpPort'>,
  options: Omit<IngressOptions, 'below' | 'rest'> & {
    readonly page?: ServedPage | undefined;
    /** What is served below a path; its responses that go on end with the signal. */
    below?(ending: AbortSignal): Promise<NonNullable<IngressOptions['below']>>;
  },
): Promise<(signal: AbortSignal) => Promise<void>> {
  const [{ ingressApp }, { openHttpServer }] = await Promise.all([
    import('@swe/adapter-http/ingress'),
    import('@swe/adapter-http/server'),
  ]);
  const ending = new AbortController();
  const below = (await options.below?.(ending.signal)) ?? {};
  const { page, posts, logger } = options;
  const { fetch } = ingressApp({ posts, logger, below, ...(page && { rest: page.fetch }) });
  const { url, port, close } = await openHttpServer({ fetch, port: httpPort });
  const isOther = httpPort !== 0 && port !== httpPort;
  const where = isOther ? `Port ${httpPort} is in use: listening on ${url}` : `Listening on ${url}`;
  const paths = ['/health', ...Object.keys(options.posts), ...Object.keys(below)];
  out(`${where} (${paths.join(', ')}).\n`);
  page?.onServed(url);
  return async (signal) => {
    if (!signal.aborted) await once(signal, 'abort');
    ending.abort();
    await close();
  };
}
