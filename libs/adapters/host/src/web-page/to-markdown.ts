import { Fault } from '@swe/domain';
import TurndownService from 'turndown';
import { toPlainHtml } from './plain-html';

/**
 * An HTML page as Markdown, links and pictures with absolute addresses. What is not part of the text (scripts,
 * styles, frames, drawings, forms' fields) is left out, and so are links that are no addresses (`javascript:`).
 */
export function toMarkdown(html: string, url: URL): { readonly title: string; readonly markdown: string } {
  let title: string | undefined;
  let base: string = url.href;
  const absolute = (address: string | null): string | undefined => {
    if (address === null || address.startsWith('#')) return undefined;
    const target = URL.parse(address, base);
    return target === null || !/^https?:$/.test(target.protocol) ? undefined : target.href;
  };
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
  });
  service
    .addRule('title', {
      filter: 'title',
      replacement(_content, node) {
        title ??= (node.textContent ?? '').replace(/\s+/g, ' ').trim();
        return '';
      },
    })
    .addRule('base', {
      filter: 'base',
      replacement(_content, node) {
        base = absolute(node.getAttribute('href')) ?? base;
        return '';
      },
    })
    .addRule('link', {
      filter: 'a',
      replacement(content, node) {
        const target = absolute(node.getAttribute('href'));
        const words = content.replace(/\s*\n\s*/g, ' ').trim();
        return target === undefined || words === '' ? content : `[${words}](${withoutBrackets(target)})`;
      },
    })
    .addRule('picture', {
      filter: 'img',
      replacement(_content, node) {
        const words = service.escape((node.getAttribute('alt') ?? '').replace(/\s+/g, ' ').trim());
        const target = absolute(node.getAttribute('src'));
        return target === undefined ? words : `![${words}](${withoutBrackets(target)})`;
      },
    })
    .addRule('cell', {
      filter: ['td', 'th'],
      replacement: (content) => `| ${content.trim().replace(/\s*\n\s*/g, ' ')} `,
    })
    .addRule('row', { filter: 'tr', replacement: (content) => `\n${content}|\n` });
  try {
    const markdown = service.turndown(toPlainHtml(html));
    return { title: title ?? '', markdown };
  } catch (error) {
    if (!Error.isError(error) || error.name !== 'RangeError') throw error;
    throw new Fault('invalid', `${url.href}: too deeply nested to be read`, { cause: error });
  }
}

function withoutBrackets(url: string): string {
  return url.replaceAll('(', '%28').replaceAll(')', '%29');
}
