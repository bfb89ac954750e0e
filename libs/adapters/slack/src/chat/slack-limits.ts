/**
 * A part of an answer becomes one message, and grows by at most a sixth on the way. 500 characters are left below
 * Slack's 12,000 for a mention, which counts with it.
 */
export const MAX_BODY_LENGTH = 10_000;

/** https://docs.slack.dev/reference/block-kit/blocks/markdown-block: 12,000 in all such blocks of a message */
export const MAX_MARKDOWN = 11_500;

/** https://docs.slack.dev/reference/methods/chat.postMessage: what is longer may be shown as several messages */
export const MAX_TEXT = 4_000;

/** https://docs.slack.dev/reference/block-kit/blocks: per message; a markdown block becomes as many as it takes */
export const MAX_BLOCKS = 50;

/** https://docs.slack.dev/reference/block-kit/blocks/table-block: the header is a row */
export const MAX_ROWS = 100;
export const MAX_COLUMNS = 20;
