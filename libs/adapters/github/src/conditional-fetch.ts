interface Kept {
  readonly etag: string;
  readonly body: string;
  readonly headers: Headers;
}

const MAX_ANSWERS = 200;
const MAX_BODY_LENGTH = 256 * 1024;

/**
 * Asks for what it has already only whether it has changed: that costs nothing of the rate limit
 * (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests).
 * Keeps the newest answers in memory; who may not see one any more is told so by GitHub, not by what is kept.
 */
export function conditionalFetch(inner: typeof fetch): typeof fetch {
  const kept = new Map<string, Kept>();

  function keep(key: string, answer: Kept): void {
    kept.delete(key);
    kept.set(key, answer);
    const [oldest] = kept.keys();
    if (kept.size > MAX_ANSWERS && oldest !== undefined) kept.delete(oldest);
  }

  return async (input, init = {}) => {
    if ((init.method ?? 'GET') !== 'GET') return inner(input, init);
    const headers = new Headers(init.headers);
    const key = `${headers.get('accept')} ${String(input)}`;
    const known = kept.get(key);
    if (known !== undefined) headers.set('if-none-match', known.etag);
    const response = await inner(input, { ...init, headers });
    if (response.status === 304 && known !== undefined) {
      const answer = { ...known, headers: freshened(known.headers, response.headers) };
      keep(key, answer);
      return jsonAnswer(String(input), answer);
    }
    const etag = response.headers.get('etag');
    if (response.status !== 200 || etag === null || !isJson(response)) return response;
    const body = await response.text();
    const answer = { etag, body, headers: response.headers };
    if (body.length <= MAX_BODY_LENGTH) keep(key, answer);
    return jsonAnswer(String(input), answer);
  };
}

/** What is told beside the body is that of now, such as the scopes of a token: https://www.rfc-editor.org/rfc/rfc9111#section-3.2 */
function freshened(kept: Headers, told: Headers): Headers {
  const headers = new Headers(kept);
  for (const [name, value] of told) if (!name.startsWith('content-')) headers.set(name, value);
  return headers;
}

/** With its address, which Octokit finds the next page by where no link tells it. */
function jsonAnswer(url: string, { body, headers }: Kept): Response {
  return Object.defineProperty(new Response(body, { headers }), 'url', { value: url });
}

function isJson({ headers }: Response): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/.test(headers.get('content-type') ?? '');
}
