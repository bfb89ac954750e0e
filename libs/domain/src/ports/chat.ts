/**
 * Where people and the agent talk. A destination is an address such as `terminal:<uuid>`.
 *
 * - `post` never dedupes: twice called, twice seen
 * - `find` finds by effect key what was posted before, also by another process
 * - `find` knows nothing of another destination's posts
 * - a body above `maxBodyLength` is refused as `invalid`, never cut
 */
export interface Chat {
  /** In characters (UTF-16 units). */
  readonly maxBodyLength: number;
  /** Posts Markdown and returns the chat's id of the post. */
  post(destination: string, body: string, effectKey: string): Promise<string>;
  find(destination: string, effectKey: string): Promise<string | undefined>;
}
