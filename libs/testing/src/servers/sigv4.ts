import { createHash, createHmac } from 'node:crypto';

/** A request as it was signed. The names of its headers are in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** Without a query: nothing signed here has one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Step 1 of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function canonicalRequest(
  { method, path, headers, body }: SignedRequest,
  signed: readonly string[],
): string {
  const names = signed.toSorted();
  const lines = names.map((name) => `${name}:${headers[name]!.trim().replaceAll(/ +/g, ' ')}\n`);
  return [method, path, '', lines.join(''), names.join(';'), sha256(body)].join('\n');
}

/** Steps 2 and 3. `scope` is `<day>/<region>/<service>/aws4_request`. */
export function stringToSign(canonical: string, date: string, scope: string): string {
  return ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
}

/** Steps 4 and 5. */
export function signatureOf(text: string, secretAccessKey: string, scope: string): Buffer {
  const key = scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, text);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
