import { expect } from '@jest/globals';
import { readTraceparent } from '@swe/domain';
import type { Span, SpanAttributes, Tracer } from '@swe/domain';
import type { Contract } from './run-contract';

/** A span as it was told. */
export interface ToldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: SpanAttributes;
  /** With what it failed. */
  readonly failure: string | undefined;
}

export interface TracerSubject {
  readonly tracer: Tracer;
  /** What was told until now. */
  told(): readonly ToldSpan[];
  /** From now on nobody takes what is told: requests stay without an answer. */
  goAway(): void;
}

const FLUSH_MS = 10_000;

/** What a span says of itself. */
function placeOf({ traceparent }: Span) {
  const place = readTraceparent(traceparent);
  if (place === undefined) throw new Error(`${traceparent} is no traceparent`);
  return place;
}

export const tracerContract = {
  async 'a span without a parent begins a trace'({ tracer, told }) {
    const [one, other] = [tracer.start('one'), tracer.start('other')];
    expect(placeOf(one).traceId).not.toBe(placeOf(other).traceId);
    one.end();
    other.end();
    await tracer.flush(FLUSH_MS);
    expect(told().map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined]);
    expect(told().map(({ traceId }) => traceId)).toEqual([placeOf(one).traceId, placeOf(other).traceId]);
  },

  async 'a span with a parent is in its trace, below it'({ tracer, told }) {
    const parent = tracer.start('parent');
    const child = tracer.start('child', { parent: parent.traceparent });
    const grandchild = tracer.start('grandchild', { parent: child.traceparent });
    for (const span of [grandchild, child, parent]) span.end();
    await tracer.flush(FLUSH_MS);
    const byName = new Map(told().map((span) => [span.name, span]));
    const { traceId, spanId } = placeOf(parent);
    expect(byName.get('parent')).toMatchObject({ traceId, spanId });
    expect(byName.get('child')).toMatchObject({ traceId, parentSpanId: spanId });
    expect(byName.get('grandchild')).toMatchObject({ traceId, parentSpanId: placeOf(child).spanId });
  },

  async 'what is no `traceparent` is no parent'({ tracer, told }) {
    tracer.start('orphan', { parent: 'not a trace' }).end();
    await tracer.flush(FLUSH_MS);
    expect(told()).toEqual([expect.objectContaining({ name: 'orphan', parentSpanId: undefined })]);
  },

  async 'a span is told once, when it has ended, with all that was set until then'({ tracer, told }) {
    const span = tracer.start('work', { attributes: { kind: 'test', tries: 1 } });
    span.set({ tries: 2, done: true });
    await tracer.flush(FLUSH_MS);
    expect(told()).toEqual([]);
    span.end();
    span.set({ tries: 3 });
    span.end('late');
    await tracer.flush(FLUSH_MS);
    await tracer.flush(FLUSH_MS);
    expect(told()).toEqual([
      expect.objectContaining({
        name: 'work',
        attributes: { kind: 'test', tries: 2, done: true },
        failure: undefined,
      }),
    ]);
  },

  async 'a failed span tells with what'({ tracer, told }) {
    tracer.start('work').end('denied');
    await tracer.flush(FLUSH_MS);
    expect(told()).toEqual([expect.objectContaining({ name: 'work', failure: 'denied' })]);
  },

  async '`flush` has told whatever ended before it'({ tracer, told }) {
    for (let i = 0; i < 1_000; i += 1) tracer.start(`work ${i}`).end();
    await tracer.flush(FLUSH_MS);
    expect(new Set(told().map(({ name }) => name)).size).toBe(1_000);
  },

  async '`flush` ends in time, and well, when nobody takes what is told'({ tracer, told, goAway }) {
    goAway();
    tracer.start('work').end();
    await tracer.flush(50);
    expect(told()).toEqual([]);
  },
} satisfies Contract<TracerSubject>;
