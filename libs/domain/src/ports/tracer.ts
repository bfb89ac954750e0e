/** What may be told of a span: names, numbers and ids, never what people, models or files say. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work that has a beginning and an end, within a trace. */
export interface Span {
  /** By which others go on from it, also elsewhere: https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  /** With what it failed, in a word, where it did. A second end is none. */
  end(failure?: string): void;
}

export interface SpanOptions {
  /** The `traceparent` of what this goes on from. */
  readonly parent?: string | undefined;
  readonly attributes?: SpanAttributes;
}

/**
 * Tells what belongs together and how long each piece took, for whoever looks on. Nothing waits for it and nothing fails
 * by it.
 *
 * - a span without a parent begins a trace
 * - a span with a parent is in its trace, below it
 * - what is no `traceparent` is no parent
 * - a span is told once, when it has ended, with all that was set until then
 * - a failed span tells with what
 * - `flush` has told whatever ended before it
 * - `flush` ends in time, and well, when nobody takes what is told
 */
export interface Tracer {
  start(name: string, options?: SpanOptions): Span;
  /** Resolves after `maxMs` at the latest. */
  flush(maxMs: number): Promise<void>;
}
