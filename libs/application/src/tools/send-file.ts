import { z } from 'zod';
import { Fault } from '@swe/domain';
import type { BlobStore, Chat, Workspace } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';

const MAX_WORDS = 2_000;

/**
 * Gives the person a file of the workspace, as it is now: a screenshot, a report. It is kept beside the session until
 * the chat has it. Limits: the chat's own, and the 32 MB of one workspace read.
 */
export function sendFile(
  workspace: Pick<Workspace, 'read'>,
  blobs: Pick<BlobStore, 'put'>,
  { maxAttachmentBytes }: Pick<Chat, 'maxAttachmentBytes'>,
): Tool {
  return defineTool({
    name: 'send_file',
    description:
      'Send the person a file from the workspace, with a word about it: a screenshot, a report. Code belongs in the pull request.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({
      path: z.string().min(1),
      message: z.string().trim().min(1).max(MAX_WORDS).describe('What it is.'),
    }),
    async run({ path, message }, { callId, session }) {
      const { bytes } = await workspace.read(path);
      if (bytes.length > maxAttachmentBytes) {
        throw new Fault(
          'invalid',
          `${path} has ${bytes.length} bytes; at most ${maxAttachmentBytes} can be sent.`,
        );
      }
      const blobKey = `attachment/${callId}`;
      await blobs.put(session.id, blobKey, bytes);
      const name = path.split('/').findLast((part) => part !== '') ?? path;
      return {
        ...said(`Sent ${name} (${bytes.length} bytes).`),
        post: message,
        attachment: { name, blobKey },
      };
    },
  });
}
