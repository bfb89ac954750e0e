import { z } from 'zod';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import type { BackgroundProcesses } from './background-processes';

const MAX_CHARACTERS = 10_000;

/** Writes to a background process's standard input, as it is. Limit: 10,000 characters at a time. */
export function processInput(background: BackgroundProcesses): Tool {
  return defineTool({
    name: 'process_input',
    description: 'Write to the standard input of a background process. A line needs its line break.',
    access: 'acts',
    input: z.object({ handle: z.string().min(1), text: z.string().min(1).max(MAX_CHARACTERS) }),
    async run({ handle, text }) {
      await background.input(handle, text);
      return said([`Written to ${handle}.`, await background.listing()].filter(Boolean).join('\n'));
    },
  });
}
