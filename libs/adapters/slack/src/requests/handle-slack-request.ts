import type { ChatEvent, Clock, Logger } from '@swe/domain';
import { refusalOf } from './verify-signature';
import { bodyOf, urlVerification } from '../slack-body';
import { toChatEvent } from '../to-chat-event';

/** Several times what Slack sends: a message has 40,000 characters, which arrive twice where it was edited. */
export const MAX_SLACK_BODY_BYTES = 1024 * 1024;

export interface SlackRequestOptions {
  /** Read for each request, so that its rotation is seen. */
  signingSecret(): Promise<string>;
  /** Stores what happened. What it throws is Slack's to send again. */
  handle(event: ChatEvent): Promise<void>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Pick<Logger, 'warn' | 'debug'>;
}

/**
 * Takes a request of Slack's (events, slash commands, clicks): nothing of it is read before its signature is verified over
 * its bytes. Answers 401 when it is not Slack's, and throws `invalid` for what can't be read.
 */
export async function handleSlackRequest(
  request: Request,
  { signingSecret, handle, clock, logger }: SlackRequestOptions,
): Promise<Response> {
  const body = new Uint8Array(await request.arrayBuffer());
  const refusal = refusalOf({ headers: request.headers, body }, await signingSecret(), clock.nowMs());
  if (refusal !== undefined) {
    logger.warn('slack-request.refused', { reason: refusal });
    return new Response(null, { status: 401 });
  }
  const given = bodyOf(body, request.headers.get('content-type') ?? '');
  const verification = urlVerification.safeParse(given);
  if (verification.success) return Response.json({ challenge: verification.data.challenge });
  const event = toChatEvent(given, clock.nowMs());
  if (event === undefined) logger.debug('slack-request.ignored');
  else await handle(event);
  // An empty body: anything else would be shown as the answer to a slash command.
  return new Response(null, { status: 200 });
}
