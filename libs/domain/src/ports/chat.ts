/** A file as people get it. `name` is a file name without a folder. */
export interface Attachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Where people and the agent talk. A destination is an address such as `terminal:<uuid>`.
 *
 * - `post` never dedupes: twice called, twice seen
 * - `find` finds by effect key what was posted before, also by another process
 * - `find` knows nothing of another destination's posts
 * - `edit` replaces the words of a post; a post that is gone is `missing`
 * - a body above `maxBodyLength` is refused as `invalid`, never cut
 * - `attach` posts a file byte for byte with its words, and `find` finds it too
 * - a file above `maxAttachmentBytes` is refused as `invalid`, its words with it
 */
export interface Chat {
  /** In characters (UTF-16 units). */
  readonly maxBodyLength: number;
  readonly maxAttachmentBytes: number;
  /** Posts Markdown and returns the chat's id of the post. */
  post(destination: string, body: string, effectKey: string): Promise<string>;
  attach(destination: string, attachment: Attachment, body: string, effectKey: string): Promise<string>;
  /** `id` is what `post` returned. */
  edit(destination: string, id: string, body: string): Promise<void>;
  find(destination: string, effectKey: string): Promise<string | undefined>;
}
