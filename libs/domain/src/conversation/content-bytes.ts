import type {
  AssistantContent,
  DocumentContent,
  TextContent,
  ToolResultContent,
  UserContent,
} from './content';
import { pdfFacts } from './pdf-facts';

type Content = AssistantContent | UserContent | ToolResultContent;

/** What vendors put around a part. */
const FRAMING_BYTES = 64;
/** What a picture, or a page of a document, takes of a window stands for about so many bytes of words. */
const IMAGE_BYTES = 6_000;
const PAGE_BYTES = 9_000;

/**
 * How much room parts of a conversation take: the bytes of words and of calls, and for what is none as many bytes as
 * words of about the same number of tokens have. An estimate; `contentTokens` is the bound.
 */
export function contentBytes(content: readonly Content[]): number {
  return content.reduce((sum, part) => sum + partBytes(part), 0);
}

/** The same of the words among them alone. */
export function wordBytes(content: readonly Content[]): number {
  return contentBytes(content.filter((part): part is TextContent => part.type === 'text'));
}

function partBytes(part: Content): number {
  switch (part.type) {
    case 'text':
      return FRAMING_BYTES + Buffer.byteLength(part.text);
    case 'image':
      return IMAGE_BYTES;
    case 'document':
      return documentBytes(part);
    case 'tool-result':
      return FRAMING_BYTES + contentBytes(part.content);
    case 'reasoning':
    case 'tool-call':
      return FRAMING_BYTES + Buffer.byteLength(JSON.stringify(part));
  }
}

/** One whose pages can't be counted is taken for one page per 50 KB. */
function documentBytes({ mediaType, data }: DocumentContent): number {
  const { pages } = mediaType === 'application/pdf' ? pdfFacts(Buffer.from(data, 'base64')) : {};
  return PAGE_BYTES * (pages ?? Math.ceil(data.length / 65_536));
}
