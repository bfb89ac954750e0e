import { Fault } from '@swe/domain';
import { z } from 'zod';

const id = z.string().regex(/^[A-Z0-9]{2,20}$/);
const timestamp = z.string().regex(/^\d{1,12}\.\d{1,6}$/);

/** https://docs.slack.dev/reference/objects/file-object */
const file = z.object({
  id,
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().optional(),
  size: z.int().nonnegative().optional(),
});
export type SlackFile = z.infer<typeof file>;

/** https://docs.slack.dev/reference/events/message, as far as it is read; also what is inside of a `message_changed`. */
const message = z.object({
  subtype: z.string().optional(),
  user: id.optional(),
  bot_id: id.optional(),
  text: z.string().optional(),
  ts: timestamp,
  thread_ts: timestamp.optional(),
  files: z.array(z.unknown()).optional(),
  edited: z.object({ ts: timestamp }).optional(),
});
export type SlackMessage = z.infer<typeof message>;

const said = message.extend({
  type: z.enum(['app_mention', 'message']),
  channel: id,
  channel_type: z.string().optional(),
});

const changed = z.object({
  type: z.literal('message'),
  subtype: z.literal('message_changed'),
  channel: id,
  message,
  previous_message: message.optional(),
});

const deleted = z.object({
  type: z.literal('message'),
  subtype: z.literal('message_deleted'),
  channel: id,
  deleted_ts: timestamp,
  previous_message: message.optional(),
});

/**
 * Told each time somebody opens one of the app's tabs; its messages are where they talk to it alone
 * (https://docs.slack.dev/ai/migrating-to-agent-messaging).
 */
const homeOpened = z.object({
  type: z.literal('app_home_opened'),
  tab: z.literal('messages'),
  user: id,
  channel: id,
});

/**
 * In its place for an app whose manifest has `assistant_view`, the earlier kind of pane
 * (https://docs.slack.dev/reference/events/assistant_thread_started).
 */
const threadStarted = z.object({
  type: z.literal('assistant_thread_started'),
  assistant_thread: z.object({ user_id: id, channel_id: id, thread_ts: timestamp }),
});

export const slackEvent = z.union([changed, deleted, said, homeOpened, threadStarted]);
export type SlackEvent = z.infer<typeof slackEvent>;

/** https://docs.slack.dev/apis/events-api/#callback-field */
export const eventCallback = z.object({
  type: z.literal('event_callback'),
  authorizations: z.tuple([z.object({ team_id: id.nullable(), user_id: id })]).rest(z.unknown()),
  team_id: id.optional(),
  event_time: z.int(),
  event: z.looseObject({ type: z.string(), subtype: z.string().optional() }),
});
export type EventCallback = z.infer<typeof eventCallback>;

/** https://docs.slack.dev/reference/events/url_verification */
export const urlVerification = z.object({
  type: z.literal('url_verification'),
  challenge: z.string().max(1_000),
});

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
export const slashCommand = z.object({
  command: z.string(),
  text: z.string().default(''),
  team_id: id,
  channel_id: id,
  user_id: id,
  trigger_id: z.string().min(1),
});

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const blockActions = z.object({
  type: z.literal('block_actions'),
  team: z.object({ id }).nullable(),
  user: z.object({ id, team_id: id.optional() }),
  channel: z.object({ id }),
  message: z.object({ ts: timestamp, thread_ts: timestamp.optional() }),
  actions: z
    .tuple([z.object({ action_id: z.string(), value: z.string().optional(), action_ts: timestamp })])
    .rest(z.unknown()),
});

export function parseFile(given: unknown): SlackFile | undefined {
  return file.safeParse(given).data;
}

/** The JSON or the form that a request carries. Throws `invalid` for what is neither. */
export function bodyOf(body: Uint8Array, contentType: string): unknown {
  const text = utf8(body);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    const form = Object.fromEntries(new URLSearchParams(text));
    return form['payload'] === undefined ? form : json(form['payload']);
  }
  return json(text);
}

function utf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new Fault('invalid', 'the body is no UTF-8', { cause });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('invalid', 'the body is no JSON', { cause });
  }
}
