import { z } from 'zod';
import { checkSlackMessage } from './check-slack-message';
import { asMessage, method, optional, required, rootOf } from './slack-method';
import type { SlackContext, SlackMethods } from './slack-method';
import { SlackRefusal } from './slack-refusal';
import { BOT } from './slack-world';

const words = z.object({
  text: optional,
  markdown_text: optional,
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  metadata: z.unknown().optional(),
});
const at = z.object({ channel: required, ts: required });

export const SLACK_CHAT_METHODS: SlackMethods = {
  'chat.postMessage': method(
    words.extend({ channel: required, thread_ts: optional }),
    ({ channel, thread_ts: threadTs, ...given }, context) => {
      context.world.channelFor(channel, 'write');
      const shown = checkSlackMessage(given, 'post');
      const root = threadTs === undefined ? undefined : rootOf(context.world, channel, threadTs);
      const post = context.world.add({
        channel,
        user: BOT.userId,
        ...shown,
        ...(root !== undefined && { threadTs: root }),
      });
      if (root !== undefined) context.world.clearStatus(channel, root);
      return { channel, ts: post.ts, message: asMessage(post, context) };
    },
    { scope: 'chat:write', isMessage: true },
  ),
  'chat.postEphemeral': method(
    words.omit({ metadata: true }).extend({ channel: required, user: required, thread_ts: optional }),
    ({ channel, user, thread_ts: threadTs, ...given }, { world }) => {
      const { members } = world.channelFor(channel, 'write');
      if (!members.has(user)) throw new SlackRefusal('user_not_in_channel');
      const shown = checkSlackMessage(given, 'post');
      const ts = world.nextTs();
      world.ephemerals.push({ channel, user, ts, ...shown, ...(threadTs !== undefined && { threadTs }) });
      return { message_ts: ts };
    },
    { scope: 'chat:write', isMessage: true },
  ),
  'chat.update': method(words.extend(at.shape), update, { scope: 'chat:write', isMessage: true }),
  'chat.delete': method(
    at,
    ({ channel, ts }, { world }) => {
      world.channelFor(channel, 'write');
      if (world.get(channel, ts).user !== BOT.userId) throw new SlackRefusal('cant_delete_message');
      world.remove({ channel, ts });
      return { channel, ts };
    },
    { scope: 'chat:write' },
  ),
};

/**
 * Text without blocks takes the blocks away; metadata stays unless it is given. A message with blocks is not marked as
 * edited (https://docs.slack.dev/reference/methods/chat.update).
 */
function update(
  { channel, ts, ...given }: z.infer<typeof words> & z.infer<typeof at>,
  context: SlackContext,
): object {
  const { world } = context;
  world.channelFor(channel, 'write');
  const { blocks: before, ...post } = world.get(channel, ts);
  if (post.user !== BOT.userId) throw new SlackRefusal('cant_update_message');
  const shown = checkSlackMessage(given, 'update');
  const blocks = shown.blocks ?? (given.text === undefined ? before : undefined);
  const updated = world.replace({
    ...post,
    ...shown,
    ...(blocks !== undefined && { blocks }),
    ...(blocks === undefined && { edited: { user: BOT.userId, ts: world.nextTs() } }),
  });
  return { channel, ts, text: updated.text, message: asMessage(updated, context) };
}
