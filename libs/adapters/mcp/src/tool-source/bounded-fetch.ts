type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * `fetch` whose answers end in an error once a message in them is longer than `maxBytes`: a whole body, or an event of a
 * stream, which as such has no end. `onTooLarge` is told: what reads a stream may try again, and would get the same.
 */
export function boundedFetch(fetch: Fetch, maxBytes: number, onTooLarge: (error: Error) => void): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null) return response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const grown = isStream ? eventSize() : bodySize();
    const bounded = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (grown(chunk) <= maxBytes) return controller.enqueue(chunk);
        const error = new RangeError(`a message of more than ${maxBytes} bytes`);
        controller.error(error);
        onTooLarge(error);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(bounded), { status, statusText, headers });
  };
}

function bodySize(): (chunk: Uint8Array) => number {
  let bytes = 0;
  return (chunk) => (bytes += chunk.length);
}

/** Of the event that a stream is in: an empty line ends one. */
function eventSize(): (chunk: Uint8Array) => number {
  let bytes = 0;
  let isLineEmpty = true;
  return (chunk) => {
    let largest = 0;
    for (const byte of chunk) {
      bytes += 1;
      if (byte === NEWLINE && isLineEmpty) bytes = 0;
      if (byte !== RETURN) isLineEmpty = byte === NEWLINE;
      largest = Math.max(largest, bytes);
    }
    return largest;
  };
}
