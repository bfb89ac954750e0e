import type { SessionEvent } from '@swe/domain/api';

export type Doing = 'model' | 'tool' | 'waiting';

/** A stretch of a session's time, and what it went into. */
export interface Span {
  readonly key: string;
  readonly doing: Doing;
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const WAITING = ['waiting', 'asleep'];

/**
 * What a session's time went into, in order. An event says when something ended and how long it took; what a session
 * waited for is between two changes of its state.
 */
export function spanOf(event: SessionEvent, waitingSinceMs: number | undefined): Span | undefined {
  const toMs = Date.parse(event.at);
  const key = String(event.seq);
  switch (event.type) {
    case 'step.finished':
      return { key, doing: 'model', name: String(event.step), fromMs: toMs - event.durationMs, toMs };
    case 'tool.finished':
      return { key, doing: 'tool', name: event.name, fromMs: toMs - event.durationMs, toMs };
    case 'status.changed': {
      const isOver = waitingSinceMs !== undefined && WAITING.includes(event.from);
      return isOver ? { key, doing: 'waiting', name: '', fromMs: waitingSinceMs, toMs } : undefined;
    }
    default:
      return undefined;
  }
}

/** Since when a session waits after an event, if it does. */
export function waitingSince(event: SessionEvent, before: number | undefined): number | undefined {
  if (event.type !== 'status.changed') return before;
  if (!WAITING.includes(event.to)) return undefined;
  return WAITING.includes(event.from) ? before : Date.parse(event.at);
}

export function totalsOf(spans: readonly Span[]): Readonly<Record<Doing, number>> {
  const totals = { model: 0, tool: 0, waiting: 0 };
  for (const { doing, fromMs, toMs } of spans) totals[doing] += Math.max(0, toMs - fromMs);
  return totals;
}

/** A span where it is drawn: in parts of the time in which something was done, of 0 to 1. */
export interface Bar extends Span {
  readonly start: number;
  readonly length: number;
}

/** Spans beside each other as they were, with what was waited for cut out: it may be days. */
export function barsOf(spans: readonly Span[]): readonly Bar[] {
  const ordered = spans.toSorted((a, b) => a.fromMs - b.fromMs);
  const startMs = ordered[0]?.fromMs ?? 0;
  let waitedMs = 0;
  const placed = ordered.map((span) => {
    const from = span.fromMs - startMs - waitedMs;
    const isWaiting = span.doing === 'waiting';
    if (isWaiting) waitedMs += span.toMs - span.fromMs;
    return { ...span, from, length: isWaiting ? 0 : span.toMs - span.fromMs };
  });
  const total = Math.max(1, ...placed.map(({ from, length }) => from + length));
  return placed.map(({ from, length, ...span }) => ({
    ...span,
    start: Math.max(0, from) / total,
    length: length / total,
  }));
}
