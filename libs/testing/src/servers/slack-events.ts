import { messageObject } from './slack-objects';
import { BOT, TEAM } from './slack-world';
import type { SlackPost, SlackWorld } from './slack-world';

/** The outer part that all events have: https://docs.slack.dev/apis/events-api/#callback-field */
export function eventCallback(event: object, eventId: string, nowMs: number): object {
  return {
    token: 'ZZZZZZWSxiZZZ2yIvs3peJ',
    team_id: TEAM.id,
    context_team_id: TEAM.id,
    context_enterprise_id: null,
    api_app_id: BOT.appId,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(nowMs / 1_000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: TEAM.id,
        user_id: BOT.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: '4-eyJldCI6Im1lc3NhZ2UifQ',
  };
}

/**
 * What the app is told of a new message: `message`, and `app_mention` with it where it mentions the app
 * (https://docs.slack.dev/reference/events/app_mention); nothing where the app is not in the channel.
 */
export function eventsOf(world: SlackWorld, post: SlackPost, baseUrl: string): readonly object[] {
  const channel = world.channels.get(post.channel);
  if (channel?.members.has(BOT.userId) !== true) return [];
  const message = {
    ...messageObject(world, post, { baseUrl, withMetadata: true }),
    channel: post.channel,
    event_ts: post.ts,
  };
  const mentions = channel.kind !== 'im' && post.text.includes(`<@${BOT.userId}>`);
  const { subtype: _, ...mention } = message as Record<string, unknown>;
  return [
    ...(mentions ? [{ ...mention, type: 'app_mention' }] : []),
    { ...message, channel_type: channel.kind },
  ];
}

/**
 * What the app is told of an edit: the change, and the mention with it where it mentions the app now, new or not
 * (https://github.com/slackapi/bolt-js/issues/960).
 */
export function editEventsOf(
  world: SlackWorld,
  after: SlackPost,
  before: SlackPost,
  view: { readonly baseUrl: string; readonly ts: string },
): readonly object[] {
  const mention = eventsOf(world, after, view.baseUrl).filter(isMention);
  return [
    ...mention.map((event) => ({ ...event, event_ts: view.ts })),
    changedEvent(world, after, before, view),
  ];
}

const isMention = (event: object): boolean => 'type' in event && event.type === 'app_mention';

/** https://docs.slack.dev/reference/events/message/message_changed */
export function changedEvent(
  world: SlackWorld,
  after: SlackPost,
  before: SlackPost,
  { baseUrl, ts }: { readonly baseUrl: string; readonly ts: string },
): object {
  return {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: messageObject(world, after, { baseUrl }),
    previous_message: messageObject(world, before, { baseUrl }),
    channel: after.channel,
    ts,
    event_ts: ts,
    channel_type: world.channels.get(after.channel)?.kind,
  };
}

/** https://docs.slack.dev/reference/events/message/message_deleted */
export function deletedEvent(
  world: SlackWorld,
  before: SlackPost,
  { baseUrl, ts }: { readonly baseUrl: string; readonly ts: string },
): object {
  return {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: before.ts,
    previous_message: messageObject(world, before, { baseUrl }),
    channel: before.channel,
    ts,
    event_ts: ts,
    channel_type: world.channels.get(before.channel)?.kind,
  };
}

/** https://docs.slack.dev/reference/events/app_home_opened */
export function homeOpenedEvent(
  by: string,
  channel: string,
  { tab, ts }: { readonly tab: 'home' | 'messages'; readonly ts: string },
): object {
  return { type: 'app_home_opened', user: by, channel, tab, event_ts: ts };
}

/** https://docs.slack.dev/reference/events/assistant_thread_started */
export function threadStartedEvent(by: string, { channel, ts }: Pick<SlackPost, 'channel' | 'ts'>): object {
  const context = { channel_id: 'C123ABC456', team_id: TEAM.id, enterprise_id: null };
  return {
    type: 'assistant_thread_started',
    assistant_thread: { user_id: by, context, channel_id: channel, thread_ts: ts },
    event_ts: ts,
  };
}

/** https://docs.slack.dev/reference/events/url_verification */
export function urlVerification(challenge: string): object {
  return { token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl', challenge, type: 'url_verification' };
}

export interface SlackCommand {
  readonly by: string;
  readonly channel: string;
  readonly command: string;
  readonly text: string;
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export function slashCommand(
  world: SlackWorld,
  { by, channel, command, text }: SlackCommand,
  triggerId: string,
): Readonly<Record<string, string>> {
  return {
    token: 'gIkuvaNzQIHg97ATvDxqgjtO',
    team_id: TEAM.id,
    team_domain: TEAM.domain,
    channel_id: channel,
    channel_name: world.channels.get(channel)?.name ?? 'directmessage',
    user_id: by,
    user_name: world.people.get(by)?.name.toLowerCase() ?? by,
    command,
    text,
    api_app_id: BOT.appId,
    is_enterprise_install: 'false',
    response_url: `https://hooks.slack.com/commands/${TEAM.id}/1`,
    trigger_id: triggerId,
  };
}

export interface SlackClick {
  readonly by: string;
  readonly post: SlackPost;
  readonly actionId: string;
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function blockActions(
  world: SlackWorld,
  { by, post, actionId }: SlackClick,
  { baseUrl, ts, triggerId }: { readonly baseUrl: string; readonly ts: string; readonly triggerId: string },
): object {
  const { blockId, ...button } = buttonOf(post, actionId);
  return {
    type: 'block_actions',
    user: { id: by, username: world.people.get(by)?.name.toLowerCase(), team_id: TEAM.id },
    api_app_id: BOT.appId,
    token: '9s8d9as89d8as9d8as989',
    container: { type: 'message', message_ts: post.ts, channel_id: post.channel, is_ephemeral: false },
    trigger_id: triggerId,
    team: { id: TEAM.id, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: post.channel, name: world.channels.get(post.channel)?.name },
    message: messageObject(world, post, { baseUrl }),
    response_url: `https://hooks.slack.com/actions/${TEAM.id}/1`,
    actions: [{ ...button, block_id: blockId, action_ts: ts }],
  };
}

function buttonOf({ blocks = [] }: SlackPost, actionId: string): Readonly<Record<string, unknown>> {
  for (const block of blocks as readonly { block_id?: string; elements?: Record<string, unknown>[] }[]) {
    const button = block.elements?.find((element) => element['action_id'] === actionId);
    if (button !== undefined) return { ...button, blockId: block.block_id ?? 'VjIPq' };
  }
  throw new Error(`the message has no button ${actionId}`);
}
