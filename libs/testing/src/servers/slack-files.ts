import { randomUUID } from 'node:crypto';
import { fileObject } from './slack-objects';
import { SlackRefusal } from './slack-refusal';
import { BOT } from './slack-world';
import type { SlackFileEntry, SlackWorld } from './slack-world';

export interface SlackShare {
  readonly channel?: string;
  readonly threadTs?: string;
  readonly comment?: string;
}

/** Files on their way in and out: https://docs.slack.dev/messaging/working-with-files */
export class SlackFiles {
  readonly #world: SlackWorld;
  readonly #baseUrl: string;
  /** File ids by the key in the address that their bytes are sent to. */
  readonly #uploads = new Map<string, string>();

  constructor(world: SlackWorld, baseUrl: string) {
    this.#world = world;
    this.#baseUrl = baseUrl;
  }

  begin(name: string, length: number): object {
    const id = this.#world.nextId('F');
    const mimetype = 'application/octet-stream';
    const empty = { channels: [], isDeleted: false, bytes: undefined };
    this.#world.setFile({ id, name, title: name, mimetype, user: BOT.userId, length, ...empty });
    const key = randomUUID();
    this.#uploads.set(key, id);
    return { upload_url: `${this.#baseUrl}/upload/v1/${key}`, file_id: id };
  }

  /** The status that the bytes are answered with. */
  async upload(key: string, contentType: string | undefined, body: Buffer): Promise<number> {
    const file = this.#world.files.get(this.#uploads.get(key) ?? '');
    if (file === undefined) return 404;
    const bytes = await bytesOf(contentType, body);
    if (bytes.length !== file.length) return 400;
    this.#world.setFile({ ...file, bytes });
    return 200;
  }

  complete(
    given: readonly { readonly id: string; readonly title?: string | undefined }[],
    { channel, threadTs, comment = '' }: SlackShare,
  ): object {
    const uploaded = given.map(({ id, title }) => {
      const file = this.#world.files.get(id);
      if (file?.bytes === undefined) throw new SlackRefusal('file_not_found');
      return { ...file, title: title ?? file.name };
    });
    if (channel !== undefined) this.#mayShareIn(channel);
    const channels = channel === undefined ? [] : [channel];
    const files = uploaded.map((file) => this.#world.setFile({ ...file, channels }));
    if (channel !== undefined) {
      const thread = threadTs === undefined ? {} : { threadTs };
      this.#world.add({
        channel,
        user: BOT.userId,
        text: comment,
        ...thread,
        files: files.map(({ id }) => id),
      });
    }
    return { files: files.map((file) => fileObject(file, this.#baseUrl)) };
  }

  info(id: string): object {
    const file = this.#visible(id);
    if (file === undefined) throw new SlackRefusal('file_not_found');
    if (file.isDeleted) throw new SlackRefusal('file_deleted');
    return fileObject(file, this.#baseUrl);
  }

  /** What lies at `/files-pri/<team>-<file>/…`. */
  at(path: string): SlackFileEntry | undefined {
    const file = this.#visible(/^\/files-pri\/\w+-(\w+)\//.exec(path)?.[1] ?? '');
    return file?.isDeleted === true ? undefined : file;
  }

  /** The app sees its own files and those in its channels. */
  #visible(id: string): SlackFileEntry | undefined {
    const file = this.#world.files.get(id);
    const isSeen = ({ user, channels }: SlackFileEntry) =>
      user === BOT.userId ||
      channels.some((channel) => this.#world.channels.get(channel)?.members.has(BOT.userId));
    return file !== undefined && isSeen(file) ? file : undefined;
  }

  #mayShareIn(channel: string): void {
    try {
      this.#world.channelFor(channel, 'write');
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      throw new SlackRefusal(
        error.code === 'channel_not_found' ? 'invalid_channel' : 'posting_to_channel_denied',
      );
    }
  }
}

/** "Files can be sent as raw bytes or can be multipart form encoded." */
async function bytesOf(contentType: string | undefined, body: Buffer): Promise<Uint8Array> {
  if (contentType?.startsWith('multipart/form-data') !== true) return new Uint8Array(body);
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const [file] = [...form.values()].filter((value) => typeof value !== 'string');
  return file === undefined ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
}
