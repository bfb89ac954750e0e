import { readTraceparent, traceparentOf } from '@swe/domain';
import type { Span, SpanAttributes, SpanOptions, Tracer } from '@swe/domain';
import type { ToldSpan } from '../contracts';

const SAMPLED = 1;

/** Spans in a list, numbered as they begin, and told as they end. */
export class MemoryTracer implements Tracer {
  readonly told: ToldSpan[] = [];
  #begun = 0;

  start(name: string, { parent, attributes = {} }: SpanOptions = {}): Span {
    const above = parent === undefined ? undefined : readTraceparent(parent);
    const spanId = this.#nextId(16);
    const traceId = above?.traceId ?? this.#nextId(32);
    let set: SpanAttributes = attributes;
    let hasEnded = false;
    return {
      traceparent: traceparentOf(traceId, spanId, SAMPLED),
      set: (more) => {
        set = { ...set, ...more };
      },
      end: (failure) => {
        if (hasEnded) return;
        hasEnded = true;
        this.told.push({ name, traceId, spanId, parentSpanId: above?.spanId, attributes: set, failure });
      },
    };
  }

  async flush(): Promise<void> {}

  #nextId(digits: number): string {
    this.#begun += 1;
    return this.#begun.toString(16).padStart(digits, '0');
  }
}
