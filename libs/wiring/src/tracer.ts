import type { Tracer } from '@swe/domain';

export interface TracerSettings {
  /** Of a collector, where somebody wants traces. */
  readonly endpoint: string | undefined;
  readonly service: string;
  readonly environment: string;
}

/** What traces are told to; undefined where nobody takes any, and then its SDK is not even loaded. */
export async function openTracer({ endpoint, ...of }: TracerSettings): Promise<Tracer | undefined> {
  if (endpoint === undefined) return undefined;
  const { OtelTracer } = await import('@swe/adapter-otel/tracer');
  return new OtelTracer({ endpoint, ...of });
}

/**
 * A function of Lambda's that tells its spans before it answers, for nothing of it runs afterwards. A collector that is
 * away delays the answer by `maxMs` at most.
 */
export function flushedBefore<Given extends readonly unknown[], Answer>(
  handler: (...given: Given) => Promise<Answer>,
  tracer: Pick<Tracer, 'flush'> | undefined,
  maxMs: number,
): (...given: Given) => Promise<Answer> {
  if (tracer === undefined) return handler;
  return async (...given) => {
    try {
      return await handler(...given);
    } finally {
      await tracer.flush(maxMs);
    }
  };
}
