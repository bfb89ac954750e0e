import { once } from 'node:events';
import type { IngressOptions } from '@swe/adapter-http/ingress';
import type { Config, Program } from './program';

/**
 * Serves the twin's ingress on this machine, says where, and gives what keeps it up until a signal aborts. It is one app
 * of all routes, as the Lambda's is.
 */
export async function serveHttp(
  { out }: Pick<Program, 'out'>,
  { httpPort }: Pick<Config, 'httpPort'>,
  options: Omit<IngressOptions, 'below'> & {
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
  const { fetch } = ingressApp({ ...options, below });
  const { url, port, close } = await openHttpServer({ fetch, port: httpPort });
  const isOther = httpPort !== 0 && port !== httpPort;
  const where = isOther ? `Port ${httpPort} is in use: listening on ${url}` : `Listening on ${url}`;
  const paths = ['/health', ...Object.keys(options.posts), ...Object.keys(below)];
  out(`${where} (${paths.join(', ')}).\n`);
  return async (signal) => {
    if (!signal.aborted) await once(signal, 'abort');
    ending.abort();
    await close();
  };
}
