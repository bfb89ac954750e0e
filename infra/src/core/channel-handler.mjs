// Runs in AppSync for each publication to and subscription of a channel, once IAM has let the caller in. Permissions of IAM
// go by namespace; this keeps daemons to their sessions' channels. The tag of a role session is not shown here, but its name
// is part of the caller's ARN, and the role can only be taken under the session's id.
// https://docs.aws.amazon.com/appsync/latest/eventapi/channel-namespace-handlers.html
// https://docs.aws.amazon.com/appsync/latest/eventapi/context-reference.html
// What the language has here: https://docs.aws.amazon.com/appsync/latest/eventapi/runtime-supported-features.html
import { util } from '@aws-appsync/utils';

/** What the name of the role ends in that daemons take, in every environment. */
const SESSION_ROLE = '-agent-session';

export function onPublish(ctx) {
  demandOwnChannel(ctx);
  return ctx.events;
}

export function onSubscribe(ctx) {
  demandOwnChannel(ctx);
}

function demandOwnChannel(ctx) {
  // arn:aws:sts::111122223333:assumed-role/swe-main-agent-session/<session id>
  const caller = (ctx.identity?.userArn ?? '').split('/');
  // Who is nobody, or not by a role, is none of the deployment's.
  if (!caller[0].endsWith(':assumed-role')) util.unauthorized();
  // Of the others IAM has said what they may: functions publish to all channels.
  if (!caller[1].endsWith(SESSION_ROLE)) return;
  const segments = ctx.info.channel.segments;
  if (segments.length !== 2 || segments[1] !== caller[2]) util.unauthorized();
}
