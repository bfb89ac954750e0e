import { Fault, isFault } from '@swe/domain';
import type { Attachment, Chat, ChatPost, Reaction } from '@swe/domain';
import { z } from 'zod';
import { messageAt, placeOf } from '../addresses';
import { markerIn, withMarker } from '../effect-marker';
import type { GithubClient } from '../github-client';
import { githubId } from '../github-id';
import { MAX_FILE_BYTES, MAX_WORDS_LENGTH } from '../github-limits';
import { findMarked, writeMarked } from '../issue-comments';
import { downloadFile } from './download-file';
import { showReaction } from './show-reaction';
import { toBody, toBodyWithFile } from './to-body';

export interface GithubChatOptions {
  readonly client: GithubClient;
  readonly fetch: typeof fetch;
}

const written = z.object({ id: githubId });
const edited = z.object({ body: z.string().nullish(), issue_url: z.string() });

/** What only one person were to see is not posted. */
const UNPOSTED = 'unposted/';

/**
 * The comments of issues and pull requests as a chat. A destination is `github:<host>/<owner>/<name>/<number>`.
 *
 * GitHub shows nothing to one person only: such a post is left out, since everybody would read it, and the reaction on
 * the message has to tell. Its API takes no files: a text is shown folded up, as far as it fits, anything else is named.
 */
export class GithubChat implements Chat {
  readonly maxBodyLength = MAX_WORDS_LENGTH;
  readonly maxAttachmentBytes = MAX_FILE_BYTES;
  readonly #client: GithubClient;
  readonly #fetch: typeof fetch;

  constructor({ client, fetch }: GithubChatOptions) {
    this.#client = client;
    this.#fetch = fetch;
  }

  async post(destination: string, post: ChatPost, effectKey: string): Promise<string> {
    return this.#write(destination, post, toBody(post), effectKey);
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
    return this.#write(destination, post, toBodyWithFile(post, attachment), effectKey);
  }

  async edit(destination: string, id: string, post: ChatPost): Promise<void> {
    const { repository, number } = this.#checked(destination, post);
    if (!/^\d{1,15}$/.test(id)) throw new Fault('missing', `there is no comment ${id}`);
    const { octokit, name } = this.#client.at(repository);
    const of = { ...name, comment_id: Number(id) };
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', of);
    const { body: before, issue_url: issue } = edited.parse(data);
    if (!issue.endsWith(`/${number}`)) throw new Fault('missing', `${destination} has no comment ${id}`);
    const marker = markerIn(before ?? '');
    const words = toBody(post);
    const body = marker === undefined ? words : withMarker(words, marker);
    await octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...of, body });
  }

  async find(destination: string, effectKey: string): Promise<string | undefined> {
    try {
      const place = placeOf(this.#client.server, destination);
      const found = await findMarked(this.#client, place, effectKey);
      return found && written.parse(found).id;
    } catch (error) {
      // What is gone has nothing to be found.
      if (isFault(error, 'missing')) return undefined;
      throw error;
    }
  }

  async react(_destination: string, messageKey: string, reaction: Reaction): Promise<void> {
    const at = messageAt(this.#client.server, messageKey);
    if (at === undefined) return;
    try {
      await showReaction(this.#client, at, reaction);
    } catch (error) {
      if (!isFault(error, 'missing')) throw error;
    }
  }

  fetch(file: string): Promise<Uint8Array> {
    const { server, clock, identity } = this.#client;
    return downloadFile(file, {
      server,
      clock,
      fetch: this.#fetch,
      maxBytes: this.maxAttachmentBytes,
      token: () => identity.token({ purpose: 'talk' }),
    });
  }

  async #write(destination: string, post: ChatPost, body: string, effectKey: string): Promise<string> {
    const place = this.#checked(destination, post);
    if (post.onlyFor !== undefined) return `${UNPOSTED}${effectKey}`;
    return written.parse(await writeMarked(this.#client, place, body, effectKey)).id;
  }

  #checked(destination: string, { body }: ChatPost) {
    if (body.length > this.maxBodyLength) {
      throw new Fault('invalid', `a post holds ${this.maxBodyLength} characters, not ${body.length}`);
    }
    return placeOf(this.#client.server, destination);
  }
}
