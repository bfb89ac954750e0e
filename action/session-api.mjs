import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 30_000;

/**
 * The calls that the action makes. What may pass (no network, too many calls, a server that is down) is tried again
 * until the signal aborts; what is refused is thrown with the reason.
 *
 * @param {{ apiUrl: string, apiKey: string, signal: AbortSignal, warn: (words: string) => void }} options
 */
export function openSessionApi({ apiUrl, apiKey, signal, warn }) {
  async function call(path, init = {}) {
    for (let pauseMs = 1_000; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const headers = { authorization: `Bearer ${apiKey}`, ...init.headers };
      const response = await fetch(`${apiUrl}${path}`, { ...init, headers, signal }).catch((error) => {
        signal.throwIfAborted();
        return String(error.cause ?? error);
      });
      if (typeof response !== 'string') {
        if (response.ok) return response;
        if (response.status !== 429 && response.status < 500) throw new Error(await reasonOf(response));
        await response.body?.cancel();
      }
      const why = typeof response === 'string' ? response : `${response.status} ${response.statusText}`;
      const afterMs = Number(response.headers?.get('retry-after') ?? 0) * 1_000;
      warn(`The API does not answer (${why}). Trying again.`);
      await sleep(Math.max(pauseMs, afterMs), undefined, { signal });
    }
  }

  return {
    async begin(request, idempotencyKey) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
      return (await call('/sessions', { method: 'POST', headers, body: JSON.stringify(request) })).json();
    },
    session: async (id) => (await call(`/sessions/${id}`)).json(),
    /** What came of the session's first message; undefined while it is open. */
    async outcome(id) {
      const { items } = await (await call(`/sessions/${id}/messages?limit=1`)).json();
      return items[0]?.outcome;
    },
    /** Everything that the session does, from its beginning, each event once. */
    async *events(id) {
      for (let last = 0; ; await sleep(1_000, undefined, { signal })) {
        const response = await call(`/sessions/${id}/events`, { headers: { 'last-event-id': String(last) } });
        if (response.status === 204) return;
        try {
          for await (const event of eventsIn(response.body)) {
            last = event.seq;
            yield event;
          }
        } catch {
          // The connection broke: the next one goes on after the last event.
          signal.throwIfAborted();
        }
      }
    },
  };
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html; the API's data is one line. */
async function* eventsIn(body) {
  let text = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    const frames = (text + part).split('\n\n');
    text = frames.pop();
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

/** https://www.rfc-editor.org/rfc/rfc9457 */
async function reasonOf(response) {
  const problem = await response.json().catch(() => ({}));
  const details = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  return [`The API refuses: ${response.status} ${problem.title ?? ''}`, problem.detail, ...details]
    .filter(Boolean)
    .join('. ');
}
