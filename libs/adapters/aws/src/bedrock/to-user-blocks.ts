import type { ContentBlock, DocumentFormat, ImageFormat } from '@aws-sdk/client-bedrock-runtime';
import { HARNESS_NOTE, isDocumentMediaType, text } from '@swe/domain';
import type {
  DocumentContent,
  DocumentMediaType,
  ImageContent,
  ToolResultContent,
  UserContent,
} from '@swe/domain';

/** What fits into a message as well as into the result of a tool. */
type Block = ContentBlock.TextMember | ContentBlock.ImageMember | ContentBlock.DocumentMember;

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html; documents are counted over the
 * request.
 */
const MAX_IMAGES_PER_MESSAGE = 20;
const MAX_IMAGE_BYTES = 3.75 * 1024 * 1024;
const MAX_DOCUMENTS = 5;
const MAX_DOCUMENT_BYTES = 4.5 * 1024 * 1024;

const IMAGE_FORMATS: Readonly<Record<ImageContent['mediaType'], ImageFormat>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

/** What has no text of its own to send instead. */
const DOCUMENT_FORMATS: Readonly<Record<DocumentMediaType, DocumentFormat>> = {
  'application/pdf': 'pdf',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};
const READABLE =
  /^text\/|^application\/(json|xml|yaml|toml|javascript|typescript|sql|x-sh)\b|\+(json|xml|yaml)\b/;

/**
 * The person's side of a conversation in Bedrock's words, message after message. What Bedrock would refuse (blank text,
 * too many files, too large ones) becomes a line that says so, for a request that is refused once is refused for ever.
 */
export function createUserBlocks() {
  let documents = 0;

  function toBlocks(content: readonly UserContent[], images: { left: number }): readonly Block[] {
    return content.flatMap((part) => {
      switch (part.type) {
        case 'text':
          return part.text.trim() === '' ? [] : [{ text: part.text }];
        case 'image':
          return [toImage(part, images)];
        case 'document':
          return toDocument(part);
      }
    });
  }

  /** Neutral names, unique in the request: the field invites injection, and two of the same name are refused. */
  function toDocument(part: DocumentContent): readonly Block[] {
    const { name, mediaType, data } = part;
    const title = JSON.stringify(name);
    if (!isDocumentMediaType(mediaType)) return [{ text: asText(part) }];
    const format = DOCUMENT_FORMATS[mediaType];
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length === 0 || bytes.length > MAX_DOCUMENT_BYTES || documents === MAX_DOCUMENTS) {
      return [
        { text: `${HARNESS_NOTE} The document ${title} (${mediaType}) cannot be shown to this model.` },
      ];
    }
    documents += 1;
    const neutral = `document-${documents}`;
    return [
      { text: `${HARNESS_NOTE} ${neutral} is the file ${title}.` },
      { document: { format, name: neutral, source: { bytes } } },
    ];
  }

  function toResult({ callId, content, isError }: ToolResultContent, images: { left: number }): ContentBlock {
    const blocks = toBlocks(content, images);
    return {
      toolResult: {
        toolUseId: callId,
        content: blocks.length > 0 ? [...blocks] : [{ text: `${HARNESS_NOTE} (empty)` }],
        ...(isError ? { status: 'error' as const } : {}),
      },
    };
  }

  return {
    /** The results first, then what was said; never nothing. */
    ofMessage(content: readonly (UserContent | ToolResultContent)[]): readonly ContentBlock[] {
      const images = { left: MAX_IMAGES_PER_MESSAGE };
      const results = content.flatMap((part) =>
        part.type === 'tool-result' ? [toResult(part, images)] : [],
      );
      const said = toBlocks(
        content.filter((part) => part.type !== 'tool-result'),
        images,
      );
      const blocks = [...results, ...said];
      return blocks.length > 0 ? blocks : [{ text: `${HARNESS_NOTE} (empty)` }];
    },
  };
}

function toImage({ mediaType, data }: ImageContent, images: { left: number }): Block {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length === 0 || bytes.length > MAX_IMAGE_BYTES || images.left === 0) {
    return { text: `${HARNESS_NOTE} A picture was here that is too large, or one too many, to be shown.` };
  }
  images.left -= 1;
  return { image: { format: IMAGE_FORMATS[mediaType], source: { bytes } } };
}

function asText({ name, mediaType, data }: DocumentContent): string {
  const title = JSON.stringify(name);
  if (!READABLE.test(mediaType)) {
    return `${HARNESS_NOTE} The document ${title} (${mediaType}) cannot be shown to this model.`;
  }
  return `Document ${title}:\n${text(Buffer.from(data, 'base64').toString()).text}`;
}
