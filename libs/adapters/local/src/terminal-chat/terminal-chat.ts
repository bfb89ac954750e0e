import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '@swe/domain';
import type { Attachment, Chat, Clock, Random } from '@swe/domain';
import { z } from 'zod';
import { codeOf, unlessFull } from '../file-system';

const post = z.object({ id: z.string(), effectKey: z.string(), body: z.string(), atMs: z.int() });
type Post = z.infer<typeof post>;

const DESTINATION = /^terminal:([A-Za-z0-9-]+)$/;

export interface TerminalChatOptions {
  /** Where the threads are kept. Made when absent. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * A terminal as a chat. A thread (`terminal:<uuid>`) is a file of one JSON object per line, append-only, so that
 * another process finds what this one posted.
 */
export class TerminalChat implements Chat {
  readonly maxBodyLength = 100_000;
  readonly maxAttachmentBytes = 32 * 1024 * 1024;
  readonly #options: TerminalChatOptions;

  constructor(options: TerminalChatOptions) {
    this.#options = options;
  }

  async post(destination: string, body: string, effectKey: string): Promise<string> {
    const path = this.#path(destination);
    this.#checkBody(body);
    return this.#append(path, { id: this.#options.random.id(), effectKey, body });
  }

  /** Returns the path of the file, in a folder of its own so that it keeps its name. */
  async attach(
    destination: string,
    { name, bytes }: Attachment,
    body: string,
    effectKey: string,
  ): Promise<string> {
    const thread = this.#path(destination);
    this.#checkBody(body);
    if (bytes.length > this.maxAttachmentBytes) {
      throw new Fault('invalid', `a file holds ${this.maxAttachmentBytes} bytes, not ${bytes.length}`);
    }
    const folder = join(thread.replace(/\.jsonl$/, ''), this.#options.random.id());
    const path = join(folder, basename(name));
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(path, bytes, { flush: true });
    } catch (error) {
      throw unlessFull(error, folder);
    }
    return this.#append(thread, { id: path, effectKey, body });
  }

  async edit(destination: string, id: string, body: string): Promise<void> {
    this.#checkBody(body);
    const edited = (await this.read(destination)).find((each) => each.id === id);
    if (edited === undefined) throw new Fault('missing', `there is no post ${id} at ${destination}`);
    await this.#append(this.#path(destination), { id, effectKey: edited.effectKey, body });
  }

  async find(destination: string, effectKey: string): Promise<string | undefined> {
    return (await this.read(destination)).find((each) => each.effectKey === effectKey)?.id;
  }

  /** What was posted to `destination`, oldest first. */
  async read(destination: string): Promise<readonly Post[]> {
    const lines = (await readText(this.#path(destination))).split('\n');
    // A post that was edited has several lines: it stays in its place, and says what it said last.
    const posts = new Map<string, Post>();
    for (const post of lines.flatMap((line) => parse(line) ?? [])) posts.set(post.id, post);
    return [...posts.values()];
  }

  #checkBody(body: string): void {
    if (body.length <= this.maxBodyLength) return;
    throw new Fault('invalid', `a post holds ${this.maxBodyLength} characters, not ${body.length}`);
  }

  async #append(path: string, post: Omit<Post, 'atMs'>): Promise<string> {
    const { folder, clock } = this.#options;
    // Begins with the line break too: what a killed process left half written stays on a line of its own.
    const line = `\n${JSON.stringify({ ...post, atMs: clock.nowMs() })}\n`;
    try {
      await mkdir(folder, { recursive: true });
      await appendFile(path, line, { flush: true });
    } catch (error) {
      throw unlessFull(error, path);
    }
    return post.id;
  }

  #path(destination: string): string {
    const thread = DESTINATION.exec(destination)?.[1];
    if (thread === undefined) throw new Fault('invalid', `${destination} is no terminal`);
    return join(this.#options.folder, `${thread}.jsonl`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Undefined for a line that was never finished: that post was not promised to anybody. */
function parse(line: string): Post | undefined {
  try {
    return post.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
