import { Fault } from '@swe/domain';
import type { PageText } from '@swe/domain';
import type { Body } from './read-body';
import { toMarkdown } from './to-markdown';

export interface Answer {
  readonly url: URL;
  /** The header, empty when there is none. */
  readonly contentType: string;
  /** Reads the body. */
  readonly body: () => Promise<Body>;
  readonly maxBytes: number;
}

const HTML = /^(?:text\/html|application\/xhtml\+xml)$/;
const TEXT =
  /^(?:text\/.+|application\/(?:.+\+)?(?:json|xml|yaml|toml)|application\/(?:javascript|x-yaml|x-ndjson))$/;
const META_CHARSET = /<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})/i;
/** How far into a page its encoding must be told (https://html.spec.whatwg.org/multipage/parsing.html). */
const PRESCAN_BYTES = 1_024;

/** What an answer holds, as Markdown of at most `maxBytes`. A type that is no text is `invalid`, its body unread. */
export async function toPageText({ url, contentType, body, maxBytes }: Answer): Promise<PageText> {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!TEXT.test(type) && !HTML.test(type)) {
    throw new Fault('invalid', `${url.href}: ${type === '' ? 'no content type' : type} is not text`);
  }
  const { bytes, truncated } = await body();
  const declared = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  const isHtml = HTML.test(type);
  const text = decoded(
    bytes,
    declared?.replaceAll('"', '') ?? (isHtml ? metaCharset(bytes) : undefined),
    truncated,
  );
  const { title, markdown } = isHtml ? toMarkdown(text, url) : { title: '', markdown: text };
  const cut = cutTo(markdown, maxBytes);
  return { url: url.href, title, markdown: cut, truncated: truncated || cut.length < markdown.length };
}

function metaCharset(bytes: Buffer): string | undefined {
  return META_CHARSET.exec(bytes.toString('latin1', 0, PRESCAN_BYTES))?.[1];
}

/** A byte order mark decides, then what was declared, then UTF-8. A character that a cut went through is left out. */
function decoded(bytes: Buffer, declared: string | undefined, cut: boolean): string {
  const decoder = decoderFor(markOf(bytes) ?? declared ?? 'utf-8');
  return decoder.decode(bytes, { stream: cut });
}

function markOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}

function cutTo(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, maxBytes), { stream: true });
}
