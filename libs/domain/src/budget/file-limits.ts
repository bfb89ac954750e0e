import { z } from 'zod';
import { DOCUMENT_MEDIA_TYPES } from '../conversation/media-type';
import type { ImageLimits } from '../ports/image';

/** What a model takes of documents as they are. */
export const documentLimits = z.object({
  mediaTypes: z.array(z.enum(DOCUMENT_MEDIA_TYPES)).min(1),
  maxBytes: z.int().positive(),
  maxPages: z.int().positive(),
});
export type DocumentLimits = z.infer<typeof documentLimits>;

/** What can be put into a conversation, so that any model that may be asked next takes it. */
export interface FileLimits {
  /** Absent: none of the models sees pictures. */
  readonly imageLimits?: ImageLimits | undefined;
  /** Absent: there is no kind of document that each of the models reads. */
  readonly documentLimits?: DocumentLimits | undefined;
}

export interface RequestFileLimits {
  /** Pictures and documents together. */
  readonly files: number;
  readonly documents: number;
  readonly base64Bytes: number;
}

/**
 * What one request may hold of files, whomever it goes to.
 *
 * - files: Bedrock counts pictures and documents together (https://github.com/boto/boto3/issues/4632), and Anthropic
 *   refuses larger pictures once there are more (https://platform.claude.com/docs/en/build-with-claude/vision)
 * - documents: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html
 * - bytes: Bedrock's 20 MB with room for the words
 *   (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html;
 *   27.7 MB were refused, 19.1 MB taken:
 *   https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/issues/994);
 *   Anthropic takes 32 MB (https://platform.claude.com/docs/en/build-with-claude/pdf-support)
 */
export const REQUEST_FILE_LIMITS: RequestFileLimits = { files: 20, documents: 5, base64Bytes: 15_000_000 };

/** Documents that each of these models reads: any of them may be asked next. Undefined where there are none. */
export function tightestDocumentLimits(
  models: readonly { readonly documents?: DocumentLimits | undefined }[],
): DocumentLimits | undefined {
  const [first, ...others] = models.map(({ documents }) => documents);
  return others.reduce(tighter, first);
}

function tighter(a: DocumentLimits | undefined, b: DocumentLimits | undefined): DocumentLimits | undefined {
  const mediaTypes = a?.mediaTypes.filter((mediaType) => b?.mediaTypes.includes(mediaType)) ?? [];
  if (a === undefined || b === undefined || mediaTypes.length === 0) return undefined;
  return {
    mediaTypes,
    maxBytes: Math.min(a.maxBytes, b.maxBytes),
    maxPages: Math.min(a.maxPages, b.maxPages),
  };
}
