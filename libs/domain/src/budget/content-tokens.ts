import type { AssistantContent, ToolResultContent, UserContent } from '../conversation/content';

type Content = AssistantContent | UserContent | ToolResultContent;

/**
 * Of one picture, at its maximum: 2,000 by 2,000 pixels at 750 pixels a token are 5,334
 * (https://platform.claude.com/docs/en/build-with-claude/vision); others count less for as many.
 */
const IMAGE_TOKENS = 6_000;

/** What vendors put around a message, a call or a result, and what the harness says beside it. */
export const FRAMING_TOKENS = 256;

/** At most so many tokens are these to any model: a token is a byte or more, whatever it is cut by. */
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
    case 'text':
    case 'reasoning':
    case 'tool-call':
      // With its name, its signature and whatever else goes back.
      return textTokens(JSON.stringify(part));
  }
}
