import { Fault } from '@swe/domain';
import type { Attachment, Chat, ChatPost, Reaction } from '@swe/domain';

export interface MemoryPost extends ChatPost {
  readonly id: string;
  readonly destination: string;
  readonly effectKey: string;
  readonly attachment?: Attachment;
}

/**
 * Keeps what was posted in `posts`, oldest first, and the reaction on each message. `sent` are people's files by `ref`.
 * Hand the same ones to two chats to have two processes.
 */
export class MemoryChat implements Chat {
  readonly maxBodyLength = 4_000;
  readonly maxAttachmentBytes = 1_000_000;
  readonly posts: MemoryPost[];
  readonly reactions: Map<string, Reaction>;
  readonly sent: Map<string, Uint8Array>;

  constructor(
    posts: MemoryPost[] = [],
    reactions = new Map<string, Reaction>(),
    sent = new Map<string, Uint8Array>(),
  ) {
    this.posts = posts;
    this.reactions = reactions;
    this.sent = sent;
  }

  async post(destination: string, post: ChatPost, effectKey: string): Promise<string> {
    return this.#add({ destination, effectKey, ...post });
  }

  async edit(destination: string, id: string, { body, ...beside }: ChatPost): Promise<void> {
    const index = this.posts.findIndex((post) => post.id === id && post.destination === destination);
    const post = this.posts[index];
    if (post === undefined) throw new Fault('missing', `there is no post ${id} at ${destination}`);
    const { attachment } = post;
    const kept = { id, destination, effectKey: post.effectKey, ...(attachment && { attachment }) };
    this.posts[index] = { ...kept, body, ...beside };
  }

  async attach(
    destination: string,
    attachment: Attachment,
    post: ChatPost,
    effectKey: string,
  ): Promise<string> {
    const { length } = attachment.bytes;
    if (length > this.maxAttachmentBytes) {
      throw new Fault('invalid', `a file holds ${this.maxAttachmentBytes} bytes, not ${length}`);
    }
    return this.#add({ destination, effectKey, ...post, attachment });
  }

  async find(destination: string, effectKey: string): Promise<string | undefined> {
    return this.posts.find((post) => post.destination === destination && post.effectKey === effectKey)?.id;
  }

  async react(_destination: string, messageKey: string, reaction: Reaction): Promise<void> {
    this.reactions.set(messageKey, reaction);
  }

  async fetch(file: string): Promise<Uint8Array> {
    const bytes = this.sent.get(file);
    if (bytes === undefined) throw new Fault('missing', `there is no file ${file}`);
    if (bytes.length > this.maxAttachmentBytes) {
      throw new Fault('invalid', `a file holds ${this.maxAttachmentBytes} bytes, not ${bytes.length}`);
    }
    return bytes;
  }

  /** What a person reading `destination` sees, oldest first. */
  seen(destination: string): readonly string[] {
    return this.#at(destination).map(({ body }) => body);
  }

  /** The files that a person reading `destination` gets, oldest first. */
  files(destination: string): readonly Attachment[] {
    return this.#at(destination).flatMap(({ attachment }) => attachment ?? []);
  }

  #at(destination: string): readonly MemoryPost[] {
    return this.posts.filter((post) => post.destination === destination);
  }

  #add(post: Omit<MemoryPost, 'id'>): string {
    if (post.body.length > this.maxBodyLength) {
      throw new Fault('invalid', `a post holds ${this.maxBodyLength} characters, not ${post.body.length}`);
    }
    const id = `post-${this.posts.length + 1}`;
    this.posts.push({ id, ...post });
    return id;
  }
}
