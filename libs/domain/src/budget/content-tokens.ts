import type {
  AssistantContent,
  DocumentContent,
  ToolResultContent,
  UserContent,
} from '../conversation/content';
import { pdfFacts } from '../conversation/pdf-facts';

type Content = AssistantContent | UserContent | ToolResultContent;

/**
 * Of one picture, at its maximum: 2,000 by 2,000 pixels at 750 pixels a token are 5,334
 * (https://platform.claude.com/docs/en/build-with-claude/vision); others count less for as many.
 */
const IMAGE_TOKENS = 6_000;

/**
 * Of one page, which is read both as a picture and as its words, of which a full page has 3,000
 * (https://platform.claude.com/docs/en/build-with-claude/pdf-support).
 */
const PAGE_TOKENS = IMAGE_TOKENS + 3_000;

/** More than any model takes, and few enough to be added up: a call with so many is bounded by its model's context. */
export const BOUNDLESS_TOKENS = 1_000_000_000_000;

/** What vendors put around a message, a call or a result, and what the harness says beside it. */
export const FRAMING_TOKENS = 256;

/** At most so many tokens are these to any model: a token of words is a byte or more, whatever they are cut by. */
export function contentTokens(content: readonly Content[]): number {
  return content.reduce((sum, part) => sum + partTokens(part), FRAMING_TOKENS);
}

/** The same of words. */
export const textTokens = (words: string): number => Buffer.byteLength(words);

function partTokens(part: Content): number {
  switch (part.type) {
    case 'image':
      return IMAGE_TOKENS;
    case 'tool-result':
      return contentTokens(part.content);
    case 'document':
      return documentTokens(part);
    case 'text':
    case 'reasoning':
    case 'tool-call':
      // With its name, its signature and whatever else goes back.
      return textTokens(JSON.stringify(part));
  }
}

/** Its bytes are compressed: they bound nothing. */
function documentTokens({ mediaType, data }: DocumentContent): number {
  const { pages } = mediaType === 'application/pdf' ? pdfFacts(Buffer.from(data, 'base64')) : {};
  return pages === undefined ? BOUNDLESS_TOKENS : pages * PAGE_TOKENS;
}
