/** How long a secret that was replaced may still be read. */
export const SECRET_MAX_AGE_MS = 5 * 60_000;

/**
 * Secrets by name: tokens and keys that somebody else stores and replaces.
 *
 * - what was stored is read, character by character
 * - an unknown name is `missing`, and named
 * - a secret that was replaced is read anew after `SECRET_MAX_AGE_MS` at the latest
 * - no error carries a value, wherever reading fails
 */
export interface Secrets {
  /** Names are the store's own. Callers read before each use and keep nothing. */
  read(name: string): Promise<string>;
}
