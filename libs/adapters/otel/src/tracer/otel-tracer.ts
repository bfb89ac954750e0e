import { setTimeout } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { readTraceparent, traceparentOf } from '@swe/domain';
import type { Span, SpanOptions, Tracer } from '@swe/domain';

export interface OtelTracerOptions {
  /** Of a collector that takes OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  /** What the spans are of: https://opentelemetry.io/docs/specs/semconv/resource/service/ */
  readonly service: string;
  readonly environment: string;
}

const SCOPE = 'remote-swe-agents';
/** Of a batch, with what is tried again: as long a program that ends waits at most. */
const EXPORT_MS = 3_000;

/**
 * Spans by OpenTelemetry's SDK, told to a collector in batches, every five seconds and by `flush`. It registers nothing
 * globally: who traces, says so.
 */
export class OtelTracer implements Tracer {
  readonly #provider: TracerProvider;

  constructor({ endpoint, service, environment }: OtelTracerOptions) {
    const exporter = new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      timeoutMillis: EXPORT_MS,
    });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.namespace': SCOPE,
        'service.name': service,
        'deployment.environment.name': environment,
      }),
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_MS })],
    });
  }

  start(name: string, { parent, attributes = {} }: SpanOptions = {}): Span {
    const span = this.#provider.getTracer(SCOPE).startSpan(name, { attributes }, contextOf(parent));
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: traceparentOf(traceId, spanId, traceFlags),
      set: (more) => void span.setAttributes(more),
      end: (failure) => {
        if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
        span.end();
      },
    };
  }

  async flush(maxMs: number): Promise<void> {
    const over = new AbortController();
    const flushed = this.#provider.forceFlush({ timeoutMillis: maxMs }).catch(() => undefined);
    const late = setTimeout(maxMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([flushed, late]);
    over.abort();
  }
}

function contextOf(parent: string | undefined): Context {
  const place = parent === undefined ? undefined : readTraceparent(parent);
  if (place === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, flags: traceFlags } = place;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
