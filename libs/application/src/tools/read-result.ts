import { z } from 'zod';
import { Fault, READ_RESULT_TOOL, text, textOf } from '@swe/domain';
import { defineTool } from '../agent/tool';
import type { Tool } from '../agent/tool';

const MAX_CHARACTERS = 16_000;

/** Gives back what an earlier call gave and the conversation no longer shows. Limit: 16,000 characters at a time. */
export function readResult(): Tool {
  return defineTool({
    name: READ_RESULT_TOOL,
    description: 'Read a shortened result in full, 16,000 characters at a time.',
    access: 'reads',
    input: z.object({
      callId: z.string(),
      offset: z.number().optional(),
    }),
    async run({ callId, offset: from = 0 }, { resultOf }) {
      const offset = Math.max(0, Math.floor(from));
      const content = resultOf(callId);
      if (content === undefined) throw new Fault('missing', `No earlier call ${callId} gave anything.`);
      const words = textOf(content);
      const end = offset + MAX_CHARACTERS;
      const more = end < words.length ? [text(`[more follows: go on with offset ${end}]`)] : [];
      const files = offset === 0 ? content.filter((part) => part.type !== 'text') : [];
      return { content: [text(words.slice(offset, end)), ...more, ...files] };
    },
  });
}
