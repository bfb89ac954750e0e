import type { WebPage } from '@swe/domain';

/** Web pages over HTTP; what makes Markdown of them is loaded for the first one, and not before. */
export function openWebPage(): WebPage {
  let opened: Promise<WebPage> | undefined;
  const page = (): Promise<WebPage> =>
    (opened ??= import('@swe/adapter-host/web-page').then(({ HttpWebPage }) => new HttpWebPage()));
  return { fetch: async (...args) => (await page()).fetch(...args) };
}
