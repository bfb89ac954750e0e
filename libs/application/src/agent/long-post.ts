import { splitBody } from '@swe/domain';
import type { Attachment, Chat } from '@swe/domain';

/** As many posts of one answer are read in a thread; what needs more is read as a file. */
const MAX_PARTS = 4;
const NAME = 'answer.md';
const NOTE = `\n\n_The whole answer is in the attached file ${NAME}._`;

/**
 * A body that would take more than four posts, as its beginning with the whole of it attached. Undefined for one that
 * takes fewer, and for one that the chat takes no file of. The same body always gives the same.
 */
export function longPost(
  body: string,
  { maxBodyLength, maxAttachmentBytes }: Pick<Chat, 'maxBodyLength' | 'maxAttachmentBytes'>,
): { readonly body: string; readonly file: Attachment } | undefined {
  if (splitBody(body, maxBodyLength).length <= MAX_PARTS) return undefined;
  const bytes = new TextEncoder().encode(body);
  if (bytes.byteLength > maxAttachmentBytes) return undefined;
  const [head = ''] = splitBody(body, maxBodyLength - NOTE.length);
  return { body: head + NOTE, file: { name: NAME, bytes } };
}
