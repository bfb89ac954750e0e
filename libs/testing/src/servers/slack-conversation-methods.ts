import { z } from 'zod';
import { asMessage, method, required, rootOf } from './slack-method';
import type { SlackContext, SlackMethod, SlackMethods } from './slack-method';
import { channelObject, messageObject } from './slack-objects';
import { pageArgs, slackPage } from './slack-page';
import { SlackRefusal } from './slack-refusal';
import { BOT } from './slack-world';
import type { SlackChannel, SlackWorld } from './slack-world';

const place = z.object({ channel: required });
const at = z.object({ channel: required, ts: required });

/** Scopes such as `channels:history`: https://docs.slack.dev/reference/methods/conversations.history */
const SCOPES_OF: Readonly<Record<SlackChannel['kind'], string>> = {
  channel: 'channels',
  group: 'groups',
  im: 'im',
  mpim: 'mpim',
};
const scopeOf =
  (purpose: 'history' | 'read') => (world: SlackWorld, args: Readonly<Record<string, unknown>>) =>
    `${SCOPES_OF[world.channels.get(String(args['channel']))?.kind ?? 'channel']}:${purpose}`;

export const SLACK_CONVERSATION_METHODS: SlackMethods = {
  'conversations.info': method(
    place,
    ({ channel }, { world }) => ({ channel: channelObject(world.channelFor(channel, 'look')) }),
    { scope: scopeOf('read') },
  ),
  'conversations.history': method(
    pageArgs.extend(place.shape),
    (args, context) => {
      const { world } = context;
      world.channelFor(args.channel, 'read');
      const posts = world.posts
        .filter(({ channel }) => channel === args.channel)
        .filter(({ ts, threadTs, subtype }) => (threadTs ?? ts) === ts || subtype === 'thread_broadcast');
      return pageAnswer(slackPage(posts.toReversed(), args, 100), args, context);
    },
    { scope: scopeOf('history') },
  ),
  'conversations.replies': method(
    pageArgs.extend(at.shape),
    (args, context) => {
      const { world } = context;
      world.channelFor(args.channel, 'read');
      const root = rootOf(world, args.channel, args.ts);
      const posts = world.posts.filter(
        ({ channel, ts, threadTs }) => channel === args.channel && (threadTs ?? ts) === root,
      );
      if (posts.length === 0) throw new SlackRefusal('thread_not_found');
      return pageAnswer(slackPage(posts, args, 1_000), args, context);
    },
    { scope: scopeOf('history') },
  ),

  'reactions.add': reacting((users, name, reactions) => {
    if (users.includes(BOT.userId)) throw new SlackRefusal('already_reacted');
    reactions.set(name, [...users, BOT.userId]);
  }),
  'reactions.remove': reacting((users, name, reactions) => {
    if (!users.includes(BOT.userId)) throw new SlackRefusal('no_reaction');
    const others = users.filter((user) => user !== BOT.userId);
    if (others.length === 0) reactions.delete(name);
    else reactions.set(name, others);
  }),
  'reactions.get': method(
    z.object({ channel: required, timestamp: required }),
    ({ channel, timestamp }, context) => {
      context.world.channelFor(channel, 'read');
      const message = asMessage(context.world.get(channel, timestamp), context);
      return { type: 'message', channel, message };
    },
    { scope: 'reactions:read' },
  ),
};

function reacting(
  change: (users: readonly string[], name: string, reactions: Map<string, string[]>) => void,
): SlackMethod {
  return method(
    z.object({ channel: required, timestamp: required, name: z.string().regex(/^[\w+'-]+(::[\w-]+)?$/) }),
    ({ channel, timestamp, name }, { world }) => {
      world.channelFor(channel, 'write');
      const reactions = world.reactionsTo(world.get(channel, timestamp));
      change(reactions.get(name) ?? [], name, reactions);
      return {};
    },
    { scope: 'reactions:write' },
  );
}

function pageAnswer(
  { posts, nextCursor }: ReturnType<typeof slackPage>,
  { include_all_metadata: withMetadata }: z.infer<typeof pageArgs>,
  { world, baseUrl }: SlackContext,
): object {
  return {
    messages: posts.map((post) => messageObject(world, post, { baseUrl, withMetadata })),
    has_more: nextCursor !== undefined,
    ...(nextCursor !== undefined && { response_metadata: { next_cursor: nextCursor } }),
  };
}
