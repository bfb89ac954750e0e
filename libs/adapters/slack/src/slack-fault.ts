import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';

interface Meaning {
  readonly kind: FaultKind;
  readonly mend?: string;
}

/**
 * Mended from outside, without a word to this program: what waits for it is tried again until it is, instead of being
 * given up.
 */
const credentials = (mend: string): Meaning => ({ kind: 'transient', mend });
const NEW_TOKEN = 'install the app again and store its new bot token';

/** By Slack's error code: https://docs.slack.dev/reference/methods/chat.postMessage#errors and those of the other methods. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  not_authed: credentials('give this program the bot token'),
  invalid_auth: credentials(NEW_TOKEN),
  token_revoked: credentials(NEW_TOKEN),
  token_expired: credentials(NEW_TOKEN),
  account_inactive: credentials(NEW_TOKEN),
  missing_scope: credentials('add the scope to the app as its manifest has it, and install it again'),
  not_allowed_token_type: { kind: 'invalid', mend: 'that is another kind of token' },
  not_in_channel: { kind: 'denied', mend: 'invite the app into the channel (/invite)' },
  is_archived: { kind: 'denied', mend: 'the channel is archived, unarchive it' },
  restricted_action: { kind: 'denied', mend: 'the workspace lets only some people post there' },
  user_not_in_channel: { kind: 'denied', mend: 'whoever it is for is not in the channel' },
  channel_not_found: { kind: 'missing', mend: 'there is no such channel, or the app is not in it (/invite)' },
  thread_not_found: { kind: 'missing' },
  message_not_found: { kind: 'missing' },
  file_not_found: { kind: 'missing' },
  file_deleted: { kind: 'missing' },
  user_not_found: { kind: 'missing' },
  ratelimited: { kind: 'throttled' },
  internal_error: { kind: 'transient' },
  fatal_error: { kind: 'transient' },
  service_unavailable: { kind: 'transient' },
  request_timeout: { kind: 'transient' },
};

const platformError = z.object({
  code: z.literal('slack_webapi_platform_error'),
  data: z.object({ error: z.string(), needed: z.string().optional() }),
});
const rateLimited = z.object({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number() });
const httpError = z.object({ code: z.literal('slack_webapi_http_error'), statusCode: z.number() });
const requestError = z.object({ code: z.literal('slack_webapi_request_error') });

/** An error of Slack's client as a `Fault`; one that is none is given back as it is. */
export function toFault(error: unknown): unknown {
  if (error instanceof Fault) return error;
  const platform = platformError.safeParse(error);
  if (platform.success) {
    const { error: name, needed } = platform.data.data;
    // Slack says no for a reason that will not pass by itself.
    const { kind, mend } = MEANINGS[name] ?? { kind: 'invalid' };
    const words = [name, needed === undefined ? [] : `(${needed})`].flat().join(' ');
    return new Fault(kind, mend === undefined ? `Slack: ${words}` : `Slack: ${words}: ${mend}`, {
      cause: error,
    });
  }
  const limited = rateLimited.safeParse(error);
  if (limited.success) {
    const retryAfterMs = limited.data.retryAfter * 1_000;
    return new Fault('throttled', 'Slack: too many requests', { cause: error, retryAfterMs });
  }
  const http = httpError.safeParse(error);
  if (http.success) {
    return new Fault('transient', `Slack answered with status ${http.data.statusCode}`, { cause: error });
  }
  if (requestError.safeParse(error).success)
    return new Fault('transient', 'Slack did not answer', { cause: error });
  return error;
}

/** Slack's error code, where it is one. */
export function slackCode(error: unknown): string | undefined {
  return platformError.safeParse(error).data?.data.error;
}
