export interface SlackRefusalOptions {
  /** The scope that is missing. */
  readonly needed?: string;
  readonly provided?: string;
  /** Says it with status 429 and the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** An HTTP error instead of `ok: false`, which Slack says with 200. */
  readonly status?: number;
  /** What is wrong with which argument. */
  readonly messages?: readonly string[];
}

/** Slack's no to a call, by its error code: https://docs.slack.dev/apis/web-api/#evaluating-responses */
export class SlackRefusal extends Error {
  readonly code: string;
  readonly options: SlackRefusalOptions;

  constructor(code: string, options: SlackRefusalOptions = {}) {
    super(code);
    this.code = code;
    this.options = options;
  }
}
