import { BOT, OTHER_TEAM, TEAM } from './slack-world';
import type { SlackChannel, SlackFileEntry, SlackPerson, SlackPost, SlackWorld } from './slack-world';

/** https://docs.slack.dev/reference/objects/user-object */
export function userObject({ id, name, kind, locale }: SlackPerson, withLocale: boolean): object {
  const team = kind === 'foreign' ? OTHER_TEAM : TEAM.id;
  return {
    id,
    team_id: team,
    name: name.toLowerCase(),
    deleted: false,
    real_name: name,
    tz: 'Europe/Berlin',
    // Names that nobody gave are empty.
    profile: { real_name: name, display_name: kind === 'bot' ? '' : name, team },
    is_admin: false,
    is_owner: false,
    is_restricted: kind === 'guest' || kind === 'single-channel guest',
    is_ultra_restricted: kind === 'single-channel guest',
    ...(kind === 'foreign' && { is_stranger: true }),
    is_bot: kind === 'bot',
    is_app_user: false,
    ...(withLocale && { locale: locale ?? 'en-US' }),
  };
}

/** https://docs.slack.dev/reference/objects/conversation-object; a direct message has a user instead of a name. */
export function channelObject({ id, name, kind, isArchived, members }: SlackChannel): object {
  const other = [...members].find((member) => member !== BOT.userId);
  return {
    id,
    ...(kind === 'im' ? { user: other } : { name, name_normalized: name }),
    is_channel: kind === 'channel',
    is_group: kind === 'group',
    is_im: kind === 'im',
    is_mpim: kind === 'mpim',
    is_private: kind !== 'channel',
    is_archived: isArchived,
    is_member: members.has(BOT.userId),
    context_team_id: TEAM.id,
  };
}

/** https://docs.slack.dev/reference/objects/file-object. Where it was shared is found out later, and so is left out. */
export function fileObject(file: SlackFileEntry, baseUrl: string): object {
  const { id, name, title, mimetype, user, length, channels } = file;
  const path = `/files-pri/${TEAM.id}-${id}`;
  return {
    id,
    name,
    title,
    mimetype,
    user,
    mode: 'hosted',
    file_access: 'visible',
    is_external: false,
    size: length,
    channels,
    shares: {},
    url_private: `${baseUrl}${path}/${encodeURIComponent(name)}`,
    url_private_download: `${baseUrl}${path}/download/${encodeURIComponent(name)}`,
  };
}

export interface MessageView {
  readonly baseUrl: string;
  readonly withMetadata?: boolean;
}

/** https://docs.slack.dev/reference/methods/conversations.replies and https://docs.slack.dev/reference/events/message */
export function messageObject(
  world: SlackWorld,
  post: SlackPost,
  view: MessageView,
): Record<string, unknown> {
  const { user, text, ts, threadTs, subtype, blocks, metadata, edited, channel } = post;
  const parent = threadTs === undefined || threadTs === ts ? undefined : world.find(channel, threadTs);
  const isBot = world.people.get(user)?.kind === 'bot';
  const files = post.files.flatMap((id) => world.files.get(id) ?? []);
  const reactions = [...world.reactionsTo(post)].map(([name, users]) => ({
    name,
    users,
    count: users.length,
  }));
  return {
    type: 'message',
    ...(subtype !== undefined && { subtype }),
    user,
    ...(isBot && { bot_id: user === BOT.userId ? BOT.botId : `B${user.slice(1)}` }),
    ...(user === BOT.userId && { app_id: BOT.appId }),
    team: TEAM.id,
    text,
    ts,
    ...(blocks !== undefined && { blocks }),
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...(parent !== undefined && { parent_user_id: parent.user }),
    ...replyFields(world, post),
    ...(edited !== undefined && { edited }),
    ...(files.length > 0 && { files: files.map((file) => fileObject(file, view.baseUrl)) }),
    ...(reactions.length > 0 && { reactions }),
    ...(metadata !== undefined && {
      metadata: view.withMetadata === true ? metadata : { event_type: metadata.event_type },
    }),
  };
}

function replyFields(world: SlackWorld, post: SlackPost): object {
  const replies = world.repliesTo(post);
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map(({ user }) => user))];
  return {
    thread_ts: post.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: replies.at(-1)?.ts,
  };
}
