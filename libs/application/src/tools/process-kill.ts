import { z } from 'zod';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import type { BackgroundProcesses } from './background-processes';

/** Ends a background process and everything it started; its output cannot be read any more. Twice is harmless. */
export function processKill(background: BackgroundProcesses): Tool {
  return defineTool({
    name: 'process_kill',
    description: 'End a background process and all it started. Read its output first if you need it.',
    access: 'acts',
    input: z.object({ handle: z.string().min(1) }),
    async run({ handle }) {
      const wasKilled = await background.kill(handle);
      const line = wasKilled ? `${handle} is ended.` : `${handle} had been ended before.`;
      return said([line, await background.listing()].filter(Boolean).join('\n'));
    },
  });
}
