import { Fault } from '@swe/domain';
import type { Chat } from '@swe/domain';

export interface MemoryPost {
  readonly id: string;
  readonly destination: string;
  readonly effectKey: string;
  readonly body: string;
}

/** Keeps what was posted in `posts`, oldest first; hand the same array to two chats to have two processes. */
export class MemoryChat implements Chat {
  readonly maxBodyLength = 4_000;
  readonly posts: MemoryPost[];

  constructor(posts: MemoryPost[] = []) {
    this.posts = posts;
  }

  async post(destination: string, body: string, effectKey: string): Promise<string> {
    if (body.length > this.maxBodyLength) {
      throw new Fault('invalid', `a post holds ${this.maxBodyLength} characters, not ${body.length}`);
    }
    const id = `post-${this.posts.length + 1}`;
    this.posts.push({ id, destination, effectKey, body });
    return id;
  }

  async find(destination: string, effectKey: string): Promise<string | undefined> {
    return this.posts.find((post) => post.destination === destination && post.effectKey === effectKey)?.id;
  }

  /** What a person reading `destination` sees, oldest first. */
  seen(destination: string): readonly string[] {
    return this.posts.filter((post) => post.destination === destination).map(({ body }) => body);
  }
}
