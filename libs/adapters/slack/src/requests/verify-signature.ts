import { createHmac, timingSafeEqual } from 'node:crypto';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack says five minutes; in both directions here. */
const MAX_SKEW_SECONDS = 5 * 60;

export interface SignedRequest {
  readonly headers: Headers;
  /** As it came: anything that is parsed and written again has another signature. */
  readonly body: Uint8Array;
}

/** Why a request is not one of Slack's; undefined for one that is. */
export function refusalOf(
  { headers, body }: SignedRequest,
  signingSecret: string,
  nowMs: number,
): string | undefined {
  const timestamp = headers.get('x-slack-request-timestamp') ?? '';
  const signature = headers.get('x-slack-signature') ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || signature === '') return 'it is not signed';
  const skewSeconds = Math.abs(nowMs / 1_000 - Number(timestamp));
  if (skewSeconds > MAX_SKEW_SECONDS) return 'its time is more than five minutes off';
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body);
  const expected = Buffer.from(`v0=${hmac.digest('hex')}`);
  const given = Buffer.from(signature);
  const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
  return isSigned ? undefined : 'its signature is not that of this app';
}
