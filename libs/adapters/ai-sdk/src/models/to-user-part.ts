import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from '@ai-sdk/provider';
import { text } from '@swe/domain';
import type { DocumentContent, UserContent } from '@swe/domain';
import type { Dialect } from './dialect';

const PDF = 'application/pdf';
const READABLE =
  /^text\/|^application\/(json|xml|yaml|toml|javascript|typescript|sql|x-sh)\b|\+(json|xml|yaml)\b/;

/** Documents in a form that the model can't read become text, so that one attachment never blocks a session. */
export function toUserPart(
  content: UserContent,
  { takesPdf }: Pick<Dialect, 'takesPdf'>,
): LanguageModelV4TextPart | LanguageModelV4FilePart {
  switch (content.type) {
    case 'text':
      return { type: 'text', text: content.text };
    case 'image':
      return { type: 'file', mediaType: content.mediaType, data: { type: 'data', data: content.data } };
    case 'document':
      return content.mediaType === PDF && takesPdf
        ? { type: 'file', filename: content.name, mediaType: PDF, data: { type: 'data', data: content.data } }
        : { type: 'text', text: asText(content) };
  }
}

function asText({ name, mediaType, data }: DocumentContent): string {
  const title = JSON.stringify(name);
  if (!READABLE.test(mediaType)) {
    return `[harness] The document ${title} (${mediaType}) cannot be shown to this model.`;
  }
  return `Document ${title}:\n${text(Buffer.from(data, 'base64').toString()).text}`;
}
