import { Fault } from '@swe/domain';
import type { Attachment, Chat } from '@swe/domain';

export interface MemoryPost {
  readonly id: string;
  readonly destination: string;
  readonly effectKey: string;
  readonly body: string;
  readonly attachment?: Attachment;
}

/** Keeps what was posted in `posts`, oldest first; hand the same array to two chats to have two processes. */
export class MemoryChat implements Chat {
  readonly maxBodyLength = 4_000;
  readonly maxAttachmentBytes = 1_000_000;
  readonly posts: MemoryPost[];

  constructor(posts: MemoryPost[] = []) {
    this.posts = posts;
  }

  async post(destination: string, body: string, effectKey: string): Promise<string> {
    return this.#add({ destination, effectKey, body });
  }

  async edit(destination: string, id: string, body: string): Promise<void> {
    const index = this.posts.findIndex((post) => post.id === id && post.destination === destination);
    const post = this.posts[index];
    if (post === undefined) throw new Fault('missing', `there is no post ${id} at ${destination}`);
    this.posts[index] = { ...post, body };
  }

  async attach(
    destination: string,
    attachment: Attachment,
    body: string,
    effectKey: string,
  ): Promise<string> {
    const { length } = attachment.bytes;
    if (length > this.maxAttachmentBytes) {
      throw new Fault('invalid', `a file holds ${this.maxAttachmentBytes} bytes, not ${length}`);
    }
    return this.#add({ destination, effectKey, body, attachment });
  }

  async find(destination: string, effectKey: string): Promise<string | undefined> {
    return this.posts.find((post) => post.destination === destination && post.effectKey === effectKey)?.id;
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
