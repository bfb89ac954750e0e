/** One entry of `errors` in https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
export interface GithubFieldError {
  readonly resource: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly field?: string;
  readonly value?: string;
  readonly message?: string;
}

export interface GithubRefusalOptions {
  /** Some refusals have words only. */
  readonly errors?: readonly (GithubFieldError | string)[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in place of the JSON that GitHub's own refusals have, as a gateway in front of it would. */
  readonly body?: string;
  /** More fields of the JSON. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** GitHub's no to a request: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export class GithubRefusal extends Error {
  readonly status: number;
  readonly options: GithubRefusalOptions;

  constructor(status: number, message: string, options: GithubRefusalOptions = {}) {
    super(message);
    this.status = status;
    this.options = options;
  }
}

export const notFound = (): GithubRefusal => new GithubRefusal(404, 'Not Found');

export const unprocessable = (...errors: readonly string[]): GithubRefusal =>
  new GithubRefusal(422, 'Unprocessable Entity', { errors });

export const validationFailed = (...errors: readonly GithubFieldError[]): GithubRefusal =>
  new GithubRefusal(422, 'Validation Failed', { errors });

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
export const secondaryRateLimit = (retryAfterSeconds?: number): GithubRefusal =>
  new GithubRefusal(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    { headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) } },
  );

/** What the gateway in front of GitHub says when nothing behind it answers. */
export const badGateway = (status: 500 | 502 | 503 | 504 = 502): GithubRefusal =>
  new GithubRefusal(status, 'Server Error', {
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<html><head><title>Unicorn!</title></head><body><p>This page is taking too long to load.</p></body></html>',
  });
