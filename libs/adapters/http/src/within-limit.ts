/**
 * The request, its body read; undefined where that is larger than `maxBytes`, of which no more is kept. Hono's own
 * `bodyLimit` copies a request that does not say its length, and can't where its server made it without replacing the
 * process's global `Request`.
 */
export async function withinLimit(request: Request, maxBytes: number): Promise<Request | undefined> {
  const { url, method, headers } = request;
  // The body of a request that is refused for what it says is not touched, so that its client gets to read the refusal.
  if (Number(headers.get('content-length')) > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
}
