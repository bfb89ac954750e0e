import type { ChatEvent, MessageFile } from '@swe/domain';
import type { z } from 'zod';
import { CHOICE_ACTION, COMMAND_ACTION } from './choice-action';
import { blockActions, eventCallback, parseFile, slackEvent, slashCommand } from './slack-body';
import type { EventCallback, SlackEvent, SlackMessage } from './slack-body';

/** What people say; what else a message may be (somebody joined, a topic was set) is nobody's words. */
const SPOKEN: ReadonlySet<string | undefined> = new Set([
  undefined,
  'file_share',
  'thread_broadcast',
  'me_message',
  'bot_message',
]);

/**
 * What a verified body of Slack's says happened; undefined for what is of no concern to an agent, or unreadable. Whose
 * message it is, and in which thread, is the same whichever of Slack's events tells it.
 */
export function toChatEvent(body: unknown, nowMs: number): ChatEvent | undefined {
  const callback = eventCallback.safeParse(body);
  if (callback.success) return fromCallback(callback.data);
  const command = slashCommand.safeParse(body);
  if (command.success) return fromCommand(command.data, nowMs);
  const actions = blockActions.safeParse(body);
  return actions.success ? fromClick(actions.data, nowMs) : undefined;
}

function fromCallback(callback: EventCallback): ChatEvent | undefined {
  const { authorizations, event_time: seconds } = callback;
  const [{ team_id, user_id: bot }] = authorizations;
  const team = team_id ?? callback.team_id;
  const event = slackEvent.safeParse(callback.event);
  if (!event.success || team === undefined) return undefined;
  return fromEvent(event.data, { team, bot, receivedAtMs: seconds * 1_000 });
}

interface Arrival {
  /** The workspace that the app is installed in, which may be another than the author's. */
  readonly team: string;
  /** The app's own user. */
  readonly bot: string;
  readonly receivedAtMs: number;
}

function fromEvent(event: SlackEvent, arrival: Arrival): ChatEvent | undefined {
  if (event.type === 'assistant_thread_started') {
    const { user_id: user, channel_id, thread_ts: ts } = event.assistant_thread;
    return opened(`${channel_id}/${ts}`, user, arrival);
  }
  const { channel } = event;
  if (event.type === 'app_home_opened') return opened(channel, event.user, arrival);
  if ('message' in event) return fromEdit(event.message, event.previous_message, channel, arrival);
  if ('deleted_ts' in event) {
    const before = event.previous_message ?? { ts: event.deleted_ts };
    const moment = momentOf({ ...before, ts: event.deleted_ts }, channel, arrival);
    return moment && { kind: 'deleted', ...moment, editKey: `${moment.messageKey}/deleted` };
  }
  const moment = momentOf(event, channel, arrival);
  if (moment === undefined || !SPOKEN.has(event.subtype)) return undefined;
  // Its own posts come back to it.
  if (event.user === arrival.bot) return undefined;
  const isDirect = event.channel_type === 'im';
  const isMention = event.type === 'app_mention' || mentions(event.text ?? '', arrival.bot);
  const words = { ...moment, ...wordsOf(event, arrival) };
  // A mention that was edited is told as a mention again, also where its edit is told (see `edited` in
  // https://github.com/slack-go/slack/pull/1256).
  if (event.type === 'app_mention' && event.edited !== undefined) {
    return { kind: 'edited', ...words, editKey: editKeyOf(moment, event.edited), isAddressed: true };
  }
  return { kind: 'said', ...words, isAddressed: isMention || isDirect };
}

const editKeyOf = (
  { messageKey }: { readonly messageKey: string },
  edited: { readonly ts: string },
): string => `${messageKey}/${edited.ts}`;

function wordsOf(message: SlackMessage, arrival: Arrival) {
  return {
    text: withoutMention(message.text ?? '', arrival.bot),
    files: filesOf(message, arrival),
    isBot: message.bot_id !== undefined || message.subtype === 'bot_message',
  };
}

function opened(place: string, user: string, { team, receivedAtMs }: Arrival): ChatEvent {
  const workspace = `slack:${team}`;
  const origin = `${workspace}/${place}`;
  const who = { requester: `${workspace}/${user}`, workspace, receivedAtMs };
  return { kind: 'opened', messageKey: `${origin}/opened`, origin, ...who };
}

/**
 * Also sent when Slack shows a link's page or finds out a message's language: an edit is one that a person made
 * (https://docs.slack.dev/reference/events/message/message_changed).
 */
function fromEdit(
  message: SlackMessage,
  before: SlackMessage | undefined,
  channel: string,
  arrival: Arrival,
): ChatEvent | undefined {
  const { edited, text = '' } = message;
  const isTombstone = message.subtype === 'tombstone';
  // What is left of a deleted message that has answers is Slackbot's.
  const { user, bot_id } = isTombstone && before !== undefined ? before : message;
  const moment = momentOf({ ...message, user, bot_id }, channel, arrival);
  if (moment === undefined || user === arrival.bot) return undefined;
  // https://docs.slack.dev/reference/events/message/message_replied
  if (isTombstone) return { kind: 'deleted', ...moment, editKey: `${moment.messageKey}/deleted` };
  if (edited === undefined || before?.text === text || !SPOKEN.has(message.subtype)) return undefined;
  const words = { ...moment, ...wordsOf(message, arrival) };
  const isAddressed = mentions(text, arrival.bot);
  return { kind: 'edited', ...words, editKey: editKeyOf(moment, edited), isAddressed };
}

function momentOf(
  { ts, thread_ts, user, bot_id }: Pick<SlackMessage, 'ts' | 'thread_ts' | 'user' | 'bot_id'>,
  channel: string,
  { team, receivedAtMs }: Arrival,
) {
  const author = user ?? bot_id;
  if (author === undefined) return undefined;
  const workspace = `slack:${team}`;
  return {
    messageKey: `${workspace}/${channel}/${ts}`,
    origin: `${workspace}/${channel}/${thread_ts ?? ts}`,
    requester: `${workspace}/${author}`,
    workspace,
    receivedAtMs,
  };
}

function fromCommand(command: z.infer<typeof slashCommand>, receivedAtMs: number): ChatEvent {
  const { team_id: team, channel_id: channel, user_id: user, trigger_id: trigger, text } = command;
  const workspace = `slack:${team}`;
  return {
    kind: 'command',
    messageKey: `${workspace}/${channel}/command/${trigger}`,
    origin: `${workspace}/${channel}`,
    requester: `${workspace}/${user}`,
    workspace,
    text,
    receivedAtMs,
  };
}

function fromClick(given: z.infer<typeof blockActions>, receivedAtMs: number): ChatEvent | undefined {
  const { team, user, channel, message, actions } = given;
  const [{ action_id: action, value, action_ts: ts }] = actions;
  const workspaceTeam = team?.id ?? user.team_id;
  const isCommand = action.startsWith(COMMAND_ACTION);
  if (!isCommand && !action.startsWith(CHOICE_ACTION)) return undefined;
  if (value === undefined || workspaceTeam === undefined) return undefined;
  const workspace = `slack:${workspaceTeam}`;
  return {
    kind: 'clicked',
    messageKey: `${workspace}/${channel.id}/click/${message.ts}/${user.id}/${ts}`,
    origin: `${workspace}/${channel.id}/${message.thread_ts ?? message.ts}`,
    requester: `${workspace}/${user.id}`,
    workspace,
    text: value,
    ...(isCommand && { isCommand }),
    receivedAtMs,
  };
}

function filesOf({ files = [] }: SlackMessage, { team }: Arrival): readonly MessageFile[] {
  return files.flatMap((given): readonly MessageFile[] => {
    const file = parseFile(given);
    if (file === undefined) return [];
    const { id, name, title, mimetype: mediaType, size: bytes } = file;
    return [
      {
        ref: `slack:${team}/${id}`,
        name: name ?? title ?? id,
        ...(mediaType !== undefined && { mediaType }),
        ...(bytes !== undefined && { bytes }),
      },
    ];
  });
}

const mentionOf = (bot: string): RegExp => new RegExp(`<@${bot}(?:\\|[^>]*)?>`, 'g');

const mentions = (text: string, bot: string): boolean => mentionOf(bot).test(text);

function withoutMention(text: string, bot: string): string {
  return text
    .replaceAll(mentionOf(bot), ' ')
    .replaceAll(/[ \t]{2,}/g, ' ')
    .trim();
}
