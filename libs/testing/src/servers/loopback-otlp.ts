import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { ToldSpan } from '../contracts';
import { listenOnLoopback } from './listen-on-loopback';

/** A span with what told it. */
export interface CollectedSpan extends ToldSpan {
  readonly service: string;
}

export interface LoopbackOtlp {
  /** Without `/v1/traces`. */
  readonly endpoint: string;
  readonly spans: readonly CollectedSpan[];
  /** Requests are taken, and get no answer, from now on. */
  fallSilent(): void;
  close(): Promise<void>;
}

/** Integers of 64 bits are strings: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
const value = z.union([
  z.strictObject({ stringValue: z.string() }).transform((each) => each.stringValue),
  z.strictObject({ boolValue: z.boolean() }).transform((each) => each.boolValue),
  z.strictObject({ intValue: z.union([z.int(), z.string()]) }).transform((each) => Number(each.intValue)),
  z.strictObject({ doubleValue: z.number() }).transform((each) => each.doubleValue),
]);
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((all) => Object.fromEntries(all.map((each) => [each.key, each.value])));
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`));

const STATUS_ERROR = 2;

const span = z.object({
  name: z.string(),
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: z.union([hex(16), z.literal('').transform(() => undefined)]).optional(),
  attributes,
  status: z
    .object({ code: z.int().default(0), message: z.string().default('') })
    .default({ code: 0, message: '' }),
});

const traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

/** The spans of a request's JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
export function spansOf(body: unknown): readonly CollectedSpan[] {
  return traces.parse(body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ status, ...each }) => ({
        ...each,
        parentSpanId: each.parentSpanId,
        service: String(resource.attributes['service.name']),
        failure: status.code === STATUS_ERROR ? status.message : undefined,
      })),
    ),
  );
}

/** A collector on 127.0.0.1 that takes traces by OTLP over HTTP, as JSON, and keeps their spans. */
export async function openLoopbackOtlp(): Promise<LoopbackOtlp> {
  const spans: CollectedSpan[] = [];
  let isSilent = false;
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    if (isSilent) return;
    const isTraces = request.method === 'POST' && request.url === '/v1/traces';
    const isJson = request.headers['content-type'] === 'application/json';
    if (!isTraces || !isJson) return void response.writeHead(isTraces ? 415 : 404).end();
    spans.push(...spansOf(JSON.parse(body)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
  });
  const listening = await listenOnLoopback(server);
  return {
    endpoint: listening.origin,
    spans,
    fallSilent: () => void (isSilent = true),
    close: listening.close,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
