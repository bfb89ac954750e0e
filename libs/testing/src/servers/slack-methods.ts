import { z } from 'zod';
import { SLACK_CHAT_METHODS } from './slack-chat-methods';
import { SLACK_CONVERSATION_METHODS } from './slack-conversation-methods';
import { method, optional, required, rootOf } from './slack-method';
import type { SlackContext, SlackMethods } from './slack-method';
import { userObject } from './slack-objects';
import { pageArgs } from './slack-page';
import { SlackRefusal } from './slack-refusal';
import { BOT, TEAM } from './slack-world';

const pane = z.object({ channel_id: required, thread_ts: required });

/** The calls of the Web API by their names; each is described at https://docs.slack.dev/reference/methods/<name>. */
export const SLACK_METHODS: SlackMethods = {
  ...SLACK_CHAT_METHODS,
  ...SLACK_CONVERSATION_METHODS,

  'auth.test': method(z.looseObject({}), authTest, { tokenType: 'any' }),
  'team.info': method(z.looseObject({}), () => ({ team: { ...TEAM, email_domain: '', icon: {} } }), {
    scope: 'team:read',
  }),
  'apps.connections.open': method(z.looseObject({}), (_, { openSocket }) => ({ url: openSocket() }), {
    scope: 'connections:write',
    tokenType: 'app',
  }),
  'users.info': method(
    z.object({ user: optional, include_locale: pageArgs.shape.inclusive }),
    ({ user, include_locale: withLocale }, { world }) => {
      const person = world.people.get(user ?? '');
      if (person === undefined) throw new SlackRefusal('user_not_found');
      return { user: userObject(person, withLocale) };
    },
    { scope: 'users:read' },
  ),

  'files.getUploadURLExternal': method(
    z.object({ filename: required, length: z.coerce.number().int().positive() }),
    ({ filename, length }, { files }) => files.begin(filename, length),
    { scope: 'files:write' },
  ),
  'files.completeUploadExternal': method(
    z.object({
      files: z.array(z.object({ id: required, title: optional })).min(1),
      channel_id: optional,
      thread_ts: optional,
      initial_comment: optional,
    }),
    ({ files: given, channel_id: channel, thread_ts: threadTs, initial_comment: comment }, context) =>
      context.files.complete(given, {
        ...(channel !== undefined && { channel }),
        ...(channel !== undefined &&
          threadTs !== undefined && { threadTs: rootOf(context.world, channel, threadTs) }),
        ...(comment !== undefined && { comment }),
      }),
    { scope: 'files:write' },
  ),
  'files.info': method(
    z.object({ file: required }),
    ({ file }, { files }) => ({
      file: files.info(file),
      comments: [],
      response_metadata: { next_cursor: '' },
    }),
    { scope: 'files:read' },
  ),

  // No longer `assistant:write`: https://docs.slack.dev/changelog/2026/03/05/set-status-scope-update
  'assistant.threads.setStatus': method(
    pane.extend({ status: z.string(), loading_messages: z.array(z.string()).max(10).optional() }),
    inPane,
    { scope: 'chat:write' },
  ),
  'assistant.threads.setTitle': method(pane.extend({ title: required }), inPane, {
    scope: 'assistant:write',
  }),
  'assistant.threads.setSuggestedPrompts': method(
    pane.extend({
      title: optional,
      prompts: z
        .array(z.object({ title: required, message: required }))
        .min(1)
        .max(4),
    }),
    inPane,
    { scope: 'assistant:write' },
  ),
};

function authTest(_: unknown, { baseUrl }: SlackContext): object {
  return {
    url: `${baseUrl}/`,
    team: TEAM.name,
    user: BOT.name,
    team_id: TEAM.id,
    user_id: BOT.userId,
    bot_id: BOT.botId,
    is_enterprise_install: false,
  };
}

function inPane(args: z.infer<typeof pane>, { world }: SlackContext): object {
  const { channel_id: channel, thread_ts: threadTs, ...shown } = args;
  world.channelFor(channel, 'write');
  if (world.find(channel, threadTs) === undefined) throw new SlackRefusal('invalid_thread_ts');
  const key = `${channel}/${threadTs}`;
  world.panes.set(key, { ...world.panes.get(key), ...shown });
  return {};
}
