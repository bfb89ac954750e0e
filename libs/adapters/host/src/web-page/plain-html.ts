const words = (line: string): readonly string[] => line.split(' ');

const VOID = new Set(words('base br hr img'));
const KEPT = new Set([
  ...VOID,
  ...words('h1 h2 h3 h4 h5 h6 p pre blockquote ul ol li dl dt dd'),
  ...words('table thead tbody tfoot tr td th'),
  ...words('a b strong i em code kbd samp'),
]);
/** Of their nesting nothing is left in Markdown; what is in them stands apart, that is all. */
const APART = new Set([
  ...words('div section article aside header footer main nav address form fieldset'),
  ...words('figure figcaption details summary caption'),
]);
const GAP = '<div></div>';
/** Left out with everything in them. */
const DROPPED = new Set(
  words('script style noscript svg math iframe object template textarea canvas select'),
);
/** What ends by itself where the next of its kind begins. */
const SELF_ENDING: Readonly<Record<string, readonly string[]>> = {
  p: ['p'],
  li: ['li', 'p'],
  dt: ['dt', 'dd', 'p'],
  dd: ['dt', 'dd', 'p'],
  td: ['td', 'th', 'p'],
  th: ['td', 'th', 'p'],
  tr: ['tr', 'td', 'th', 'p'],
};
const ATTRIBUTES = new Set(['href', 'src', 'alt', 'class', 'start']);
const MAX_DEPTH = 32;
const MAX_ELEMENTS = 10_000;

const NAME = /[a-z][^\s/>]*/iy;
const ATTRIBUTE = /[\s/]*(?:([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?|=)?/y;

/**
 * The part of an HTML page that Markdown can show, written so that parsing it is cheap: properly nested, at most 32
 * deep and 10,000 elements (the text of deeper and later ones stays), few attributes. Parsers of the web's HTML take
 * time and memory by the square of a hostile page's size, a minute for 200 KB of open tags; this takes time by
 * its size.
 */
export function toPlainHtml(html: string): string {
  const out: string[] = [];
  const open: string[] = [];
  let elements = 0;

  function close(name: string): void {
    const at = open.lastIndexOf(name);
    if (at < 0) return;
    for (const inner of open.splice(at).reverse()) out.push(`</${inner}>`);
  }

  function begin(name: string, attributes: string): void {
    const ends = SELF_ENDING[name];
    while (ends?.includes(open.at(-1) ?? '') === true) out.push(`</${open.pop()}>`);
    if (elements >= MAX_ELEMENTS || open.length >= MAX_DEPTH) return void out.push(' ');
    elements += 1;
    out.push(`<${name}${attributes}>`);
    if (!VOID.has(name)) open.push(name);
  }

  function standApart(): void {
    const gap = open.includes('pre') ? '\n' : GAP;
    if (out.at(-1) === gap) return;
    if (open.at(-1) === 'p') close('p');
    elements += 1;
    out.push(elements > MAX_ELEMENTS ? ' ' : gap);
  }

  let at = 0;
  while (at < html.length) {
    const tag = html.indexOf('<', at);
    if (tag !== at) out.push(html.slice(at, tag < 0 ? undefined : tag).replaceAll('>', '&gt;'));
    if (tag < 0) break;
    if (html[tag + 1] === '!' || html[tag + 1] === '?') {
      at = behind(html, html.startsWith('<!--', tag) ? '-->' : '>', tag + 2);
      continue;
    }
    const isEnd = html[tag + 1] === '/';
    const name = matchAt(NAME, html, tag + (isEnd ? 2 : 1))?.[0].toLowerCase();
    if (name === undefined) {
      out.push('&lt;');
      at = tag + 1;
      continue;
    }
    const { attributes, end } = readAttributes(html, tag + (isEnd ? 2 : 1) + name.length);
    at = end;
    if (APART.has(name)) standApart();
    else if (isEnd) close(name);
    else if (name === 'title') {
      const title = html.slice(end, (at = endOf(html, name, end)));
      out.push(`<title>${title.replaceAll('<', '&lt;')}</title>`);
    } else if (DROPPED.has(name)) at = endOf(html, name, end);
    else if (KEPT.has(name)) begin(name, attributes);
  }
  for (const name of open.reverse()) out.push(`</${name}>`);
  return out.join('');
}

/** The kept attributes of the tag whose name ends at `at`, and where the tag ends: nowhere when it is never closed. */
function readAttributes(html: string, at: number): { attributes: string; end: number } {
  let attributes = '';
  for (let end = at; ;) {
    const match = matchAt(ATTRIBUTE, html, end);
    end += match?.[0].length ?? 0;
    const name = match?.[1]?.toLowerCase();
    const value = match?.[2] ?? match?.[3] ?? match?.[4];
    if (name !== undefined && value !== undefined && ATTRIBUTES.has(name)) {
      attributes += ` ${name}="${value.replaceAll('"', '&quot;')}"`;
    }
    if (end >= html.length || html[end] === '>') return { attributes, end: end + 1 };
  }
}

/** Where the end tag of an element begins whose content is not markup; the end when there is none. */
function endOf(html: string, name: string, at: number): number {
  const pattern = new RegExp(`</${name}[\\s/>]`, 'gi');
  return matchAt(pattern, html, at)?.index ?? html.length;
}

function behind(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at < 0 ? html.length : at + mark.length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
