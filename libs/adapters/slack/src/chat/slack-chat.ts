import { Fault, isFault } from '@swe/domain';
import type { Attachment, Chat, ChatPost, Reaction } from '@swe/domain';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { slackCode, toFault } from '../slack-fault';
import { downloadFile } from './download-file';
import { isDirect, messageAt, placeOf, userOf } from './place';
import type { Place } from './place';
import { MAX_BODY_LENGTH } from './slack-limits';
import { toPost } from './to-post';

export interface SlackChatOptions {
  /** A client whose token is the bot's, asked for at each call so that a rotation is seen; it must not retry by itself. */
  client(): Promise<WebClient>;
  readonly fetch: typeof fetch;
  /** Hosts that files are fetched from with the bot's token, beside Slack's own. */
  readonly fileHosts?: readonly string[];
}

const EMOJI: Readonly<Record<Reaction, string>> = {
  seen: 'eyes',
  working: 'hourglass_flowing_sand',
  waiting: 'speech_balloon',
  done: 'white_check_mark',
  failed: 'x',
};

/** Effect keys travel as metadata: https://docs.slack.dev/messaging/message-metadata */
const EVENT_TYPE = 'swe_post';
const posted = z.object({
  ts: z.string(),
  metadata: z
    .object({ event_type: z.literal(EVENT_TYPE), event_payload: z.object({ effect_key: z.string() }) })
    .optional()
    .catch(undefined),
});
const page = z.object({
  messages: z.array(posted).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const sent = z.object({ ts: z.string() });
const ephemeral = z.object({ message_ts: z.string() });
const upload = z.object({ upload_url: z.string(), file_id: z.string() });
const reacted = z.object({
  message: z.object({
    reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()).default([]) })).default([]),
  }),
});

const PAGE = 200;
/** What is posted again was posted a moment ago: a thread that is longer than this is not looked through to its end. */
const MAX_PAGES = 20;

/** What only one person sees is in no history, and can't be changed. */
const EPHEMERAL = 'ephemeral/';

/**
 * Slack as a chat. A destination is `slack:<team>/<channel>/<thread ts>`, or a channel without the thread. What only one
 * person sees is not found again, so that it may double when its poster dies; and a file is uploaded before its words,
 * so that whoever finds the words need not look for the file.
 */
export class SlackChat implements Chat {
  readonly maxBodyLength = MAX_BODY_LENGTH;
  readonly maxAttachmentBytes = 32 * 1024 * 1024;
  readonly #options: SlackChatOptions;
  readonly #ownIds = new WeakMap<WebClient, Promise<string>>();

  constructor(options: SlackChatOptions) {
    this.#options = options;
  }

  async post(destination: string, post: ChatPost, effectKey: string): Promise<string> {
    const place = this.#checked(destination, post);
    const { channel, threadTs } = place;
    const onlyFor = post.onlyFor === undefined ? undefined : userOf(post.onlyFor);
    // Nobody else is to read it, and they are not in Slack.
    if (post.onlyFor !== undefined && onlyFor === undefined) return `${EPHEMERAL}${effectKey}`;
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
    return this.#call(async (client) => {
      if (onlyFor !== undefined) {
        const words = { channel, user: onlyFor, ...thread, ...toPost(post) };
        const { message_ts: ts } = ephemeral.parse(await client.chat.postEphemeral(words));
        return `${EPHEMERAL}${ts}`;
      }
      const answer = await client.chat.postMessage({
        channel,
        ...thread,
        ...toPost(post),
        metadata: { event_type: EVENT_TYPE, event_payload: { effect_key: effectKey } },
        unfurl_links: false,
        unfurl_media: false,
      });
      await showActivity(client, place, post);
      return sent.parse(answer).ts;
    });
  }

  async attach(
    destination: string,
    { name, bytes }: Attachment,
    post: ChatPost,
    effectKey: string,
  ): Promise<string> {
    const { channel, threadTs } = this.#checked(destination, post);
    if (bytes.length > this.maxAttachmentBytes) {
      throw new Fault('invalid', `a file holds ${this.maxAttachmentBytes} bytes, not ${bytes.length}`);
    }
    await this.#call(async (client) => {
      const wanted = { filename: name, length: bytes.length };
      const { upload_url: url, file_id: id } = upload.parse(await client.files.getUploadURLExternal(wanted));
      await this.#upload(url, bytes);
      await client.files.completeUploadExternal({
        files: [{ id, title: name }],
        channel_id: channel,
        ...(threadTs !== undefined && { thread_ts: threadTs }),
      });
    });
    return this.post(destination, post, effectKey);
  }

  async edit(destination: string, id: string, post: ChatPost): Promise<void> {
    const place = this.#checked(destination, post);
    if (id.startsWith(EPHEMERAL)) throw new Fault('missing', 'what only one person sees cannot be changed');
    await this.#call(async (client) => {
      await client.chat.update({ channel: place.channel, ts: id, ...toPost(post) });
      await showActivity(client, place, post);
    });
  }

  async find(destination: string, effectKey: string): Promise<string | undefined> {
    const { channel, threadTs } = placeOf(destination);
    return this.#call(async (client) => {
      let cursor: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const wanted = { channel, include_all_metadata: true, limit: PAGE, ...(cursor && { cursor }) };
        const answer =
          threadTs === undefined
            ? await client.conversations.history(wanted)
            : await client.conversations.replies({ ...wanted, ts: threadTs });
        const { messages, response_metadata: rest } = page.parse(answer);
        const found = messages.find(({ metadata }) => metadata?.event_payload.effect_key === effectKey);
        if (found !== undefined) return found.ts;
        cursor = rest?.next_cursor;
        if (cursor === undefined || cursor === '') return undefined;
      }
      return undefined;
    }).catch((error: unknown) => {
      // A thread that is gone has nothing to be found.
      if (isFault(error, 'missing')) return undefined;
      throw error;
    });
  }

  async react(_destination: string, messageKey: string, reaction: Reaction): Promise<void> {
    const at = messageAt(messageKey);
    if (at === undefined) return;
    const { channel, ts: timestamp } = at;
    await this.#call(async (client) => {
      const own = await this.#ownId(client);
      const answer = await client.reactions.get({ channel, timestamp, full: true });
      const shown = reacted.parse(answer).message.reactions.filter(({ users }) => users.includes(own));
      const wanted = EMOJI[reaction];
      const names = shown.map(({ name }) => name);
      if (!names.includes(wanted)) await client.reactions.add({ channel, timestamp, name: wanted });
      for (const name of names) {
        if (name === wanted || !Object.values(EMOJI).includes(name)) continue;
        await client.reactions.remove({ channel, timestamp, name });
      }
    }).catch((error: unknown) => {
      const code = isFault(error) ? slackCode(error.cause) : undefined;
      // Somebody was faster, or the message is gone.
      if (code !== undefined && HARMLESS.has(code)) return;
      throw error;
    });
  }

  fetch(file: string): Promise<Uint8Array> {
    return this.#call((client) =>
      downloadFile(client, file, { ...this.#options, maxBytes: this.maxAttachmentBytes }),
    );
  }

  #checked(destination: string, { body }: ChatPost) {
    if (body.length > this.maxBodyLength) {
      throw new Fault('invalid', `a post holds ${this.maxBodyLength} characters, not ${body.length}`);
    }
    return placeOf(destination);
  }

  async #upload(url: string, bytes: Uint8Array): Promise<void> {
    const response = await this.#options.fetch(url, { method: 'POST', body: Buffer.from(bytes) });
    if (!response.ok) throw new Fault('transient', `Slack took no file: status ${response.status}`);
  }

  #ownId(client: WebClient): Promise<string> {
    const known =
      this.#ownIds.get(client) ?? client.auth.test().then(({ user_id: id }) => z.string().parse(id));
    this.#ownIds.set(client, known);
    known.catch(() => this.#ownIds.delete(client));
    return known;
  }

  async #call<T>(work: (client: WebClient) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#options.client());
    } catch (error) {
      throw toFault(error);
    }
  }
}

/**
 * Says beneath a direct message's thread what the agent is doing there, as its pane shows it. Slack takes the words away
 * when the app posts in the thread, and after two minutes (https://docs.slack.dev/reference/methods/assistant.threads.setStatus).
 * The post itself says the same and is there by now: that these words can't be shown must not have it posted again.
 */
async function showActivity(
  client: WebClient,
  { channel, threadTs }: Place,
  { activity }: ChatPost,
): Promise<void> {
  if (activity === undefined || threadTs === undefined || !isDirect(channel)) return;
  try {
    await client.assistant.threads.setStatus({ channel_id: channel, thread_ts: threadTs, status: activity });
  } catch (error) {
    if (!isFault(toFault(error))) throw error;
  }
}

const HARMLESS: ReadonlySet<string> = new Set(['already_reacted', 'no_reaction', 'message_not_found']);
