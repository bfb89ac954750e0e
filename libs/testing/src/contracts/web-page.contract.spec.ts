import type { WebPage } from '@swe/domain';
import { isFault } from '@swe/domain';
import { MemoryWebPage } from '../memory/memory-web-page';
import { override } from '../memory/override';
import { proveBites } from './run-contract';
import { webPageContract } from './web-page.contract';
import type { WebPageSubject } from './web-page.contract';

function broken(changesOf: (page: MemoryWebPage) => Partial<WebPage>) {
  return (): { subject: WebPageSubject } => {
    const page = new MemoryWebPage();
    const serve: WebPageSubject['serve'] = (path, answer) => page.serve(path, answer);
    const privately: WebPageSubject['privately'] = (path) => page.privately(path);
    return { subject: { page: override<WebPage>(page, changesOf(page)), serve, privately } };
  };
}

proveBites('WebPage', webPageContract, {
  'HTML becomes Markdown without scripts and styles; text stays text; other types are `invalid`': broken(
    (page) => ({
      fetch: async (url, maxBytes, signal) => {
        const text = await page.fetch(url, maxBytes, signal);
        return { ...text, markdown: text.markdown.replace(/<[^>]*>/g, '') };
      },
    }),
  ),
  'an address that is not public is `denied`, checked after DNS and on every redirect': broken((page) => ({
    fetch: (url, maxBytes, signal) =>
      page.fetch(url, maxBytes, signal).catch((error: unknown) => {
        // Checks the first address only.
        if (!isFault(error, 'denied') || !url.endsWith('/in')) throw error;
        return { url, title: '', markdown: 'secret', truncated: false };
      }),
  })),
  'more than `maxBytes` is cut and marked as truncated': broken((page) => ({
    fetch: async (url, maxBytes, signal) => ({
      ...(await page.fetch(url, maxBytes, signal)),
      truncated: false,
    }),
  })),
});
