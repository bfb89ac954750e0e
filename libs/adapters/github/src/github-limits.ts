/** What an issue, a pull request or a comment holds, in characters: GitHub refuses more ("body is too long"). */
export const MAX_BODY_LENGTH = 65_536;

/** Of the words of a post: what it brings beside them has room to spare. */
export const MAX_WORDS_LENGTH = 60_000;

/** Of a file that people attached. */
export const MAX_FILE_BYTES = 32 * 1024 * 1024;
