import { Fault } from '@swe/domain';
import type { PageText, WebPage } from '@swe/domain';
import type { WebAnswer } from '../contracts';

const PUBLIC = 'https://public.test';
const PRIVATE = 'https://private.test';
const MAX_REDIRECTS = 5;

/**
 * A web of two names: `public.test`, and `private.test` that resolves to an address that is not public. IP addresses
 * are never public here. Of HTML it knows titles, headings, paragraphs and links.
 */
export class MemoryWebPage implements WebPage {
  readonly #answers = new Map<string, WebAnswer>();

  /** Answers at `path` from now on; the URL. */
  serve(path: string, answer: WebAnswer): string {
    this.#answers.set(path, answer);
    return `${PUBLIC}${path}`;
  }

  privately(path: string): string {
    return `${PRIVATE}${path}`;
  }

  async fetch(start: string, maxBytes: number, signal: AbortSignal): Promise<PageText> {
    let url = URL.parse(start);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      if (signal.aborted) throw new Fault('cancelled', `${start}: stopped`);
      if (url === null) throw new Fault('invalid', `${start}: not a URL`);
      if (url.origin !== PUBLIC) throw new Fault('denied', `${url.hostname}: its address is not public`);
      const answer = this.#answers.get(url.pathname);
      if (answer === undefined) throw new Fault('missing', `${url.href}: the server answered 404`);
      if ('contentType' in answer) return pageText(url, answer, maxBytes);
      url = URL.parse(answer.redirectTo, url.href);
    }
    throw new Fault('invalid', `${start}: more than ${MAX_REDIRECTS} redirects`);
  }
}

function pageText(
  url: URL,
  { contentType, body }: { readonly contentType: string; readonly body: string },
  maxBytes: number,
): PageText {
  if (!/^text\/|json$/.test(contentType)) throw new Fault('invalid', `${contentType} is not text`);
  const bytes = new TextEncoder().encode(body);
  const truncated = bytes.length > maxBytes;
  const text = new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: truncated });
  if (!contentType.startsWith('text/html')) return { url: url.href, title: '', markdown: text, truncated };
  const title = /<title>(.*?)<\/title>/.exec(text)?.[1]?.replace('&amp;', '&') ?? '';
  return { url: url.href, title, markdown: toMarkdown(text, url), truncated };
}

function toMarkdown(html: string, url: URL): string {
  return html
    .replace(/<(script|style|title)>.*?<\/\1>/gs, '')
    .replace(/<h1>/g, '\n\n# ')
    .replace(/<p>/g, '\n\n')
    .replace(
      /<a href="(.*?)">(.*?)<\/a>/g,
      (_link, target: string, words: string) => `[${words}](${new URL(target, url).href})`,
    )
    .replace(/<[^>]*>/g, '')
    .trim();
}
