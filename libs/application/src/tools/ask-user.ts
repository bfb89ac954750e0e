import { z } from 'zod';
import { defineTool } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { text } from '@swe/domain';

const MAX_CHARACTERS = 4_000;

/** Asks the person and ends the turn; the answer arrives as the next message. Limit: 4,000 characters of Markdown. */
export function askUser(): Tool {
  return defineTool({
    name: 'ask_user',
    description:
      'Ask the person a question and wait for the answer. Your turn ends with it. Only for decisions that you cannot make and that would be expensive to get wrong.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({ question: z.string().trim().min(1).max(MAX_CHARACTERS) }),
    run: async ({ question }) => ({
      content: [text('Asked. The answer comes as the next message.')],
      post: question,
      asksBack: true,
    }),
  });
}
