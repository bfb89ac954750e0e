/** A request as a scripted `fetch` got it. */
export interface SeenRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface ScriptedFetch {
  readonly fetch: typeof fetch;
  readonly seen: readonly SeenRequest[];
}

/** A `fetch` for specs that answers in order; an error is thrown, and a script that has run dry throws as well. */
export function scriptedFetch(...script: readonly (Response | Error)[]): ScriptedFetch {
  const seen: SeenRequest[] = [];
  return {
    seen,
    fetch: async (input, init = {}) => {
      const { method = 'GET', headers, body = undefined } = init;
      seen.push({ url: String(input), method, headers: new Headers(headers), body });
      const answer = script[seen.length - 1] ?? new Error('the script has run dry');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

export function answer(status: number, headers: Record<string, string> = {}, body: unknown = {}): Response {
  return new Response(status === 304 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}
