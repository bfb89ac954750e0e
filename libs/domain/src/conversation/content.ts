import { z } from 'zod';
import { jsonValue } from '../json';

export const textContent = z.object({ type: z.literal('text'), text: z.string() });

/**
 * `data` is base64 without a `data:` prefix. The four media types are the ones every supported provider takes. `name`
 * is a path in the workspace, or what it was called where it came from.
 */
export const imageContent = z.object({
  type: z.literal('image'),
  name: z.string().optional(),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  data: z.base64(),
});

export const documentContent = z.object({
  type: z.literal('document'),
  name: z.string(),
  mediaType: z.string(),
  data: z.base64(),
});

/** What a model said. `kept` is what the provider of that name wants back along with it; most want nothing. */
export const spokenContent = textContent.extend({
  kept: z.object({ provider: z.string(), opaque: jsonValue }).optional(),
});

/**
 * A model's reasoning, kept opaque: `opaque` is whatever the provider needs back byte for byte (signature,
 * redacted block). `text` is what may be shown, empty when the provider hides it.
 */
export const reasoningContent = z.object({
  type: z.literal('reasoning'),
  provider: z.string(),
  text: z.string(),
  opaque: jsonValue,
});

/**
 * A model's wish to run a tool. `callId` is unique within a session. When the model's arguments were not JSON,
 * `malformedInput` holds what it wrote and `input` is `{}`: the call still gets its result, an error the model can read.
 */
export const toolCallContent = z.object({
  type: z.literal('tool-call'),
  callId: z.string(),
  name: z.string(),
  input: jsonValue,
  malformedInput: z.string().optional(),
});

/** What a person, or a tool, can show a model. */
export const userContent = z.discriminatedUnion('type', [textContent, imageContent, documentContent]);

export const toolResultContent = z.object({
  type: z.literal('tool-result'),
  callId: z.string(),
  content: z.array(userContent),
  isError: z.boolean(),
});

export const assistantContent = z.discriminatedUnion('type', [
  spokenContent,
  reasoningContent,
  toolCallContent,
]);

export type TextContent = z.infer<typeof textContent>;
export type ImageContent = z.infer<typeof imageContent>;
export type DocumentContent = z.infer<typeof documentContent>;
export type SpokenContent = z.infer<typeof spokenContent>;
export type ReasoningContent = z.infer<typeof reasoningContent>;
export type ToolCallContent = z.infer<typeof toolCallContent>;
export type ToolResultContent = z.infer<typeof toolResultContent>;
export type UserContent = z.infer<typeof userContent>;
export type AssistantContent = z.infer<typeof assistantContent>;

/** Half a surrogate pair, as a cut through an emoji leaves it, becomes U+FFFD: providers refuse JSON that holds one. */
export const text = (value: string): TextContent => ({ type: 'text', text: value.toWellFormed() });

/** The texts among `content`, joined by line breaks: what a terminal or a log can show of it. */
export function textOf(content: readonly { readonly type: string }[]): string {
  return content
    .filter((part): part is TextContent => part.type === 'text')
    .map((part) => part.text)
    .join('\n');
}

export function toolCallsOf(content: readonly AssistantContent[]): readonly ToolCallContent[] {
  return content.filter((part) => part.type === 'tool-call');
}
