import type { Reaction } from '../session/reaction';

/** A file as people get it. `name` is a file name without a folder. */
export interface Attachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What people get to see in one piece. */
export interface ChatPost {
  /** Markdown. */
  readonly body: string;
  /** The requester who is notified. One that the chat does not know is passed over. */
  readonly mention?: string;
  /** Answers that may be clicked; a click comes back as a message of those words. */
  readonly choices?: readonly string[];
  /** Commands to the agent that may be clicked, where the chat has buttons; `body` names them for the others. */
  readonly commands?: readonly string[];
  /** The requester who alone sees it, where the chat can do that. `find` and `edit` need not know such a post. */
  readonly onlyFor?: string;
  /**
   * What the agent is doing, in a few plain words that go on from its name ("is thinking..."); empty when it rests. Shown
   * for as long as the chat keeps such words, where it has a place for them beside its posts.
   */
  readonly activity?: string;
}

/**
 * Where people and the agent talk. A destination is an address such as `terminal:<uuid>`.
 *
 * - `post` never dedupes: twice called, twice seen
 * - `find` finds by effect key what was posted before, also by another process
 * - `find` knows nothing of another destination's posts
 * - `edit` replaces the words of a post; a post that is gone is `missing`
 * - a body above `maxBodyLength` is refused as `invalid`, never cut
 * - a post that mentions somebody and offers choices is found and edited as any other
 * - a post that says what the agent is doing is found and edited as any other
 * - `attach` posts a file byte for byte with its words, and `find` finds it too
 * - a file above `maxAttachmentBytes` is refused as `invalid`, its words with it
 * - `react` shows one reaction on a message, the last one, and is no post; a message that is gone is no failure
 * - `fetch` gives a file that a person sent byte for byte
 * - a file that is not there to be fetched is `missing`
 * - a person's file above `maxAttachmentBytes` is not fetched but `invalid`
 */
export interface Chat {
  /** In characters (UTF-16 units). */
  readonly maxBodyLength: number;
  readonly maxAttachmentBytes: number;
  /** Returns the chat's id of the post. */
  post(destination: string, post: ChatPost, effectKey: string): Promise<string>;
  attach(destination: string, attachment: Attachment, post: ChatPost, effectKey: string): Promise<string>;
  /** `id` is what `post` returned. */
  edit(destination: string, id: string, post: ChatPost): Promise<void>;
  find(destination: string, effectKey: string): Promise<string | undefined>;
  /** Sets the agent's reaction to a person's message at `destination`, in the place of an earlier one. */
  react(destination: string, messageKey: string, reaction: Reaction): Promise<void>;
  /** `file` is the `ref` of a message's file. Throws `denied` where the chat refuses it to us. */
  fetch(file: string): Promise<Uint8Array>;
}
