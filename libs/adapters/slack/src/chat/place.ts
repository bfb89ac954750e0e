import { Fault } from '@swe/domain';

/** Where in Slack: a thread of a channel, or the channel itself. */
export interface Place {
  readonly channel: string;
  readonly threadTs?: string;
}

const DESTINATION = /^slack:[A-Z0-9]+\/([A-Z0-9]+)(?:\/(\d+\.\d+))?$/;
const MESSAGE = /^slack:[A-Z0-9]+\/([A-Z0-9]+)\/(\d+\.\d+)$/;
const REQUESTER = /^slack:[A-Z0-9]+\/([A-Z0-9]+)$/;

export function placeOf(destination: string): Place {
  const [, channel, threadTs] = DESTINATION.exec(destination) ?? [];
  if (channel === undefined) throw new Fault('invalid', `${destination} is no place in Slack`);
  return { channel, ...(threadTs !== undefined && { threadTs }) };
}

/** Whether only one person and the app are there: https://docs.slack.dev/reference/objects/conversation-object */
export const isDirect = (channel: string): boolean => channel.startsWith('D');

/** Undefined for a message that is not Slack's, such as a click. */
export function messageAt(messageKey: string): { readonly channel: string; readonly ts: string } | undefined {
  const [, channel, ts] = MESSAGE.exec(messageKey) ?? [];
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}

/** Undefined for somebody of another chat. */
export function userOf(requester: string): string | undefined {
  return REQUESTER.exec(requester)?.[1];
}
