import { z } from 'zod';
import { defineTool } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { text } from '@swe/domain';

const MAX_CHARACTERS = 4_000;

/** Posts a line of progress where the person reads. Limit: 4,000 characters of Markdown. */
export function reportProgress(): Tool {
  return defineTool({
    name: 'report_progress',
    description:
      'Tell the person what you found or finished, in one or two sentences. Use it at milestones, not at every step.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({ message: z.string().trim().min(1).max(MAX_CHARACTERS) }),
    run: async ({ message }) => ({ content: [text('Posted.')], post: message }),
  });
}
