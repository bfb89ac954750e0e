import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault, reaction } from '@swe/domain';
import type { Attachment, Chat, ChatPost, Clock, Random, Reaction } from '@swe/domain';
import { z } from 'zod';
import { codeOf, unlessFull } from '../file-system';

const post = z.object({ id: z.string(), effectKey: z.string(), body: z.string(), atMs: z.int() });
type Post = z.infer<typeof post>;
const reacted = z.object({ messageKey: z.string(), reaction, atMs: z.int() });

const DESTINATION = /^terminal:([A-Za-z0-9-]+)$/;

export interface TerminalChatOptions {
  /** Where the threads are kept. Made when absent. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * A terminal as a chat. A thread (`terminal:<uuid>`) is a file of one JSON object per line, append-only, so that
 * another process finds what this one posted. Everybody sees everything, nobody is notified and nothing can be clicked;
 * reactions are kept, for whoever wants to know what they would have been, and shown nowhere. People send no files.
 */
export class TerminalChat implements Chat {
  readonly maxBodyLength = 100_000;
  readonly maxAttachmentBytes = 32 * 1024 * 1024;
  readonly #options: TerminalChatOptions;

  constructor(options: TerminalChatOptions) {
    this.#options = options;
  }

  async post(destination: string, { body }: ChatPost, effectKey: string): Promise<string> {
    const path = this.#path(destination);
    this.#checkBody(body);
    const id = this.#options.random.id();
    await this.#append(path, { id, effectKey, body });
    return id;
  }

  /** Returns the path of the file, in a folder of its own so that it keeps its name. */
  async attach(
    destination: string,
    { name, bytes }: Attachment,
    { body }: ChatPost,
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
    await this.#append(thread, { id: path, effectKey, body });
    return path;
  }

  async edit(destination: string, id: string, { body }: ChatPost): Promise<void> {
    this.#checkBody(body);
    const edited = (await this.read(destination)).find((each) => each.id === id);
    if (edited === undefined) throw new Fault('missing', `there is no post ${id} at ${destination}`);
    await this.#append(this.#path(destination), { id, effectKey: edited.effectKey, body });
  }

  async find(destination: string, effectKey: string): Promise<string | undefined> {
    return (await this.read(destination)).find((each) => each.effectKey === effectKey)?.id;
  }

  async react(destination: string, messageKey: string, reaction: Reaction): Promise<void> {
    await this.#append(this.#path(destination), { messageKey, reaction });
  }

  async fetch(file: string): Promise<Uint8Array> {
    throw new Fault('missing', `there is no file ${file}: a terminal takes none`);
  }

  /** What was posted to `destination`, oldest first. */
  async read(destination: string): Promise<readonly Post[]> {
    // A post that was edited has several lines: it stays in its place, and says what it said last.
    const posts = new Map<string, Post>();
    for (const each of await this.#lines(destination, post)) posts.set(each.id, each);
    return [...posts.values()];
  }

  /** The reaction on each message of `destination` that has one. */
  async readReactions(destination: string): Promise<ReadonlyMap<string, Reaction>> {
    const lines = await this.#lines(destination, reacted);
    return new Map(lines.map(({ messageKey, reaction }) => [messageKey, reaction]));
  }

  async #lines<T>(destination: string, schema: z.ZodType<T>): Promise<readonly T[]> {
    const lines = (await readText(this.#path(destination))).split('\n');
    return lines.flatMap((line) => parse(line, schema) ?? []);
  }

  #checkBody(body: string): void {
    if (body.length <= this.maxBodyLength) return;
    throw new Fault('invalid', `a post holds ${this.maxBodyLength} characters, not ${body.length}`);
  }

  async #append(path: string, fact: Readonly<Record<string, string>>): Promise<void> {
    const { folder, clock } = this.#options;
    // Begins with the line break too: what a killed process left half written stays on a line of its own.
    const line = `\n${JSON.stringify({ ...fact, atMs: clock.nowMs() })}\n`;
    try {
      await mkdir(folder, { recursive: true });
      await appendFile(path, line, { flush: true });
    } catch (error) {
      throw unlessFull(error, path);
    }
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

/** Undefined for another kind of line, and for one that was never finished: that was not promised to anybody. */
function parse<T>(line: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
