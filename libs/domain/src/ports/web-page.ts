export interface PageText {
  /** After redirects. */
  readonly url: string;
  readonly title: string;
  readonly markdown: string;
  readonly truncated: boolean;
}

/**
 * Public web pages.
 *
 * - HTML becomes Markdown without scripts and styles; text stays text; other types are `invalid`
 * - an address that is not public is `denied`, checked after DNS and on every redirect
 * - more than `maxBytes` is cut and marked as truncated
 */
export interface WebPage {
  fetch(url: string, maxBytes: number, signal: AbortSignal): Promise<PageText>;
}
