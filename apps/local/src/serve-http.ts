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
  options: IngressOptions,
): Promise<(signal: AbortSignal) => Promise<void>> {
  const [{ ingressApp }, { openHttpServer }] = await Promise.all([
    import('@swe/adapter-http/ingress'),
    import('@swe/adapter-http/server'),
  ]);
  const { fetch } = ingressApp(options);
  const { url, port, close } = await openHttpServer({ fetch, port: httpPort });
  const isOther = httpPort !== 0 && port !== httpPort;
  const where = isOther ? `Port ${httpPort} is in use: listening on ${url}` : `Listening on ${url}`;
  const paths = ['/health', ...Object.keys(options.posts)];
  out(`${where} (${paths.join(', ')}).\n`);
  return async (signal) => {
    if (!signal.aborted) await once(signal, 'abort');
    await close();
  };
}
