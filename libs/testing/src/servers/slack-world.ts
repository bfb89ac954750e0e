import { SlackRefusal } from './slack-refusal';

export type SlackPersonKind = 'member' | 'guest' | 'single-channel guest' | 'foreign' | 'bot';

export interface SlackPerson {
  readonly id: string;
  readonly name: string;
  readonly kind: SlackPersonKind;
  /** As in BCP 47. */
  readonly locale?: string;
}

/** `kind` is what Slack's events call `channel_type`. */
export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'group' | 'im' | 'mpim';
  /** User ids; the app's own is `BOT.userId`. */
  readonly members: Set<string>;
  isArchived: boolean;
}

export interface SlackMetadata {
  readonly event_type: string;
  readonly event_payload: object;
}

export interface SlackWords {
  readonly text: string;
  readonly blocks?: readonly object[];
  readonly metadata?: SlackMetadata;
}

export interface SlackPost extends SlackWords {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly threadTs?: string;
  readonly subtype?: string;
  /** File ids. */
  readonly files: readonly string[];
  readonly edited?: { readonly user: string; readonly ts: string };
}

export interface SlackFileEntry {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly user: string;
  /** Undefined until they are uploaded. */
  readonly bytes: Uint8Array | undefined;
  readonly length: number;
  readonly channels: readonly string[];
  readonly isDeleted: boolean;
}

export const TEAM = { id: 'T0SWETEAM', name: 'Acme', domain: 'acme' } as const;
export const OTHER_TEAM = 'T0OTHERTEAM';
export const BOT = { userId: 'U0SWEBOT', botId: 'B0SWEBOT', appId: 'A0SWEAPP', name: 'swe' } as const;

/** One workspace with an app in it: who and what there is. What people do in it, `SlackPeople` tells the app. */
export class SlackWorld {
  readonly people = new Map<string, SlackPerson>();
  readonly channels = new Map<string, SlackChannel>();
  readonly files = new Map<string, SlackFileEntry>();
  /** Oldest first. */
  readonly posts: SlackPost[] = [];
  /** What one person alone was shown. */
  readonly ephemerals: (SlackWords & {
    readonly channel: string;
    readonly user: string;
    readonly ts: string;
    readonly threadTs?: string;
  })[] = [];
  /** What a thread with the app shows beside its messages, by channel and thread. */
  readonly panes = new Map<string, Record<string, unknown>>();
  readonly #reactions = new Map<string, Map<string, string[]>>();
  readonly #nowMs: () => number;
  #lastMicros = 0;
  #ids = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.people.set(BOT.userId, { id: BOT.userId, name: BOT.name, kind: 'bot' });
  }

  addPerson(id: string, name: string, kind: SlackPersonKind = 'member', locale?: string): SlackPerson {
    const person = { id, name, kind, ...(locale !== undefined && { locale }) };
    this.people.set(id, person);
    return person;
  }

  /** With everybody there is so far in it, the app too. */
  addChannel(id: string, name: string, kind: SlackChannel['kind'] = 'channel'): SlackChannel {
    const channel = { id, name, kind, members: new Set(this.people.keys()), isArchived: false };
    this.channels.set(id, channel);
    return channel;
  }

  /** A time that no other message has, such as `1503435956.000247`. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.#nowMs() * 1_000, this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1_000_000);
    return `${seconds}.${String(this.#lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  nextId(letter: string): string {
    this.#ids += 1;
    return `${letter}0SWE${String(this.#ids).padStart(6, '0')}`;
  }

  add(post: Omit<SlackPost, 'ts' | 'files'> & { readonly files?: readonly string[] }): SlackPost {
    const added = { files: [], ...post, ts: this.nextTs() };
    this.posts.push(added);
    return added;
  }

  find(channel: string, ts: string): SlackPost | undefined {
    return this.posts.find((post) => post.channel === channel && post.ts === ts);
  }

  /** Refuses as Slack does when there is no such message. */
  get(channel: string, ts: string): SlackPost {
    const post = this.find(channel, ts);
    if (post === undefined) throw new SlackRefusal('message_not_found');
    return post;
  }

  /** Puts `post` in the place of the one with its identity. */
  replace(post: SlackPost): SlackPost {
    this.posts[this.posts.indexOf(this.get(post.channel, post.ts))] = post;
    return post;
  }

  /** What has answers leaves a tombstone. */
  remove({ channel, ts }: Pick<SlackPost, 'channel' | 'ts'>): void {
    const post = this.get(channel, ts);
    if (this.repliesTo(post).length === 0) {
      this.posts.splice(this.posts.indexOf(post), 1);
    } else {
      const text = 'This message was deleted.';
      this.replace({ channel, ts, threadTs: ts, user: 'USLACKBOT', subtype: 'tombstone', text, files: [] });
    }
  }

  repliesTo({ channel, ts }: Pick<SlackPost, 'channel' | 'ts'>): readonly SlackPost[] {
    return this.posts.filter((post) => post.channel === channel && post.threadTs === ts && post.ts !== ts);
  }

  /** What the app says it is doing is over once it says something there: https://docs.slack.dev/ai/developing-agents */
  clearStatus(channel: string, threadTs: string): void {
    const pane = this.panes.get(`${channel}/${threadTs}`);
    if (pane?.['status'] !== undefined) this.panes.set(`${channel}/${threadTs}`, { ...pane, status: '' });
  }

  /** Users by the name of their reaction, in order. */
  reactionsTo({ channel, ts }: Pick<SlackPost, 'channel' | 'ts'>): Map<string, string[]> {
    const key = `${channel}/${ts}`;
    const reactions = this.#reactions.get(key) ?? new Map<string, string[]>();
    this.#reactions.set(key, reactions);
    return reactions;
  }

  /** A file that a person has uploaded. */
  addFile(
    user: string,
    name: string,
    bytes: Uint8Array,
    mimetype = 'application/octet-stream',
  ): SlackFileEntry {
    return this.setFile({
      id: this.nextId('F'),
      name,
      title: name,
      mimetype,
      user,
      bytes,
      length: bytes.length,
      channels: [],
      isDeleted: false,
    });
  }

  setFile(file: SlackFileEntry): SlackFileEntry {
    this.files.set(file.id, file);
    return file;
  }

  /** A channel that the app may read and write, else Slack's refusal. */
  channelFor(id: string, purpose: 'look' | 'read' | 'write'): SlackChannel {
    const channel = this.channels.get(id);
    const isMember = channel?.members.has(BOT.userId) === true;
    if (channel === undefined || (!isMember && channel.kind !== 'channel')) {
      throw new SlackRefusal('channel_not_found');
    }
    if (purpose !== 'look' && !isMember) throw new SlackRefusal('not_in_channel');
    if (purpose === 'write' && channel.isArchived) throw new SlackRefusal('is_archived');
    return channel;
  }
}
