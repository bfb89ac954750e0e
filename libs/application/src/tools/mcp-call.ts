import { jsonObject, outsideToolName } from '@swe/domain';
import type { ToolSource } from '@swe/domain';
import { z } from 'zod';
import { defineTool } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { showOutsideResult } from './show-outside-result';
import type { ResultPlace } from './show-outside-result';

/** Calls a tool of a tool server that models don't see as a tool of its own. The server checks the input. */
export function mcpCall(source: Pick<ToolSource, 'call'>, place: ResultPlace): Tool {
  return defineTool({
    name: 'mcp_call',
    description: 'Call a tool that mcp_search found, with an input that its schema describes.',
    access: 'acts',
    input: z.object({
      server: z.string().min(1),
      tool: z.string().min(1),
      input: jsonObject.default({}),
    }),
    async run({ server, tool, input }, { callId, signal }) {
      const result = await source.call({ server, tool, input }, signal);
      return showOutsideResult(result, outsideToolName(server, tool), callId, place);
    },
  });
}
