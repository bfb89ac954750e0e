import type { Followed } from '@swe/domain/api';

/** How long clients wait before they come back: https://html.spec.whatwg.org/multipage/server-sent-events.html */
const RETRY_MS = 1_000;

export interface EventStreamOptions {
  /** Ends after the event that comes to so much. */
  readonly maxBytes: number;
  /** Called once nobody reads any more, or everything was read. */
  readonly onEnd: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Events as they go over the wire, each taken when its reader is ready for it: a slow one has the store read slowly, and
 * nothing piles up here.
 */
export function eventStream(
  events: AsyncIterable<Followed>,
  { maxBytes, onEnd, onFailure }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const iterator = events[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let bytes = 0;
  let isCancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      // The response begins with it: its reader knows at once that they are connected.
      start: (controller) => controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`)),
      async pull(controller) {
        try {
          const next = bytes >= maxBytes ? undefined : await iterator.next();
          // Its reader went while it was waited for.
          if (isCancelled) return;
          if (next === undefined || next.done === true) {
            onEnd();
            controller.close();
            await iterator.return?.();
            return;
          }
          const text = encoder.encode(frameOf(next.value));
          bytes += text.length;
          controller.enqueue(text);
        } catch (error) {
          onEnd();
          onFailure(error);
          throw error;
        }
      },
      async cancel() {
        isCancelled = true;
        onEnd();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** JSON has no line break of its own, so that data is one line. */
function frameOf(event: Followed): string {
  if (event === 'idle') return ': nothing new\n\n';
  // One without an id leaves what a reader goes on after as it is.
  const id = event.type === 'live' ? '' : `id: ${event.seq}\n`;
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
