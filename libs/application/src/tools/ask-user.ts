import { z } from 'zod';
import { defineTool } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { text } from '@swe/domain';

const MAX_CHARACTERS = 4_000;
const MAX_CHOICES = 5;
/** What a button of Slack's holds: https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const MAX_CHOICE_CHARACTERS = 75;

/**
 * Asks the person and ends the turn; the answer arrives as the next message. Limits: 4,000 characters of Markdown, 5
 * choices of 75 characters.
 */
export function askUser(): Tool {
  return defineTool({
    name: 'ask_user',
    description:
      'Ask the person a question and wait for the answer. Your turn ends with it. Only for decisions that you cannot make and that would be expensive to get wrong.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({
      question: z.string().trim().min(1).max(MAX_CHARACTERS),
      choices: z
        .array(z.string().trim().min(1).max(MAX_CHOICE_CHARACTERS))
        .min(1)
        .max(MAX_CHOICES)
        .optional()
        .describe('Answers to click, where a few words say it all; the person may answer otherwise.'),
    }),
    run: async ({ question, choices }) => ({
      content: [text('Asked. The answer comes as the next message.')],
      post: question,
      ...(choices && { choices }),
      asksBack: true,
    }),
  });
}
