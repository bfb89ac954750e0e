import { Fault } from '@swe/domain';

/** https://docs.aws.amazon.com/appsync/latest/eventapi/channel-namespaces.html */
const SEGMENT = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/;

/** A session's channel in the namespace `sessions`, which must exist. */
export function channelOf(sessionId: string): string {
  if (!SEGMENT.test(sessionId)) {
    throw new Fault('invalid', `${JSON.stringify(sessionId)} cannot be a segment of a channel`);
  }
  return `/sessions/${sessionId}`;
}
