import { jsonObject, offerOf } from '@swe/domain';
import type { JsonValue, OfferedTool, ServerTrouble, ToolSource } from '@swe/domain';
import { failed, INTERRUPTED_NOTE } from '../agent/tool';
import type { Tool, ToolContext, ToolOutput } from '../agent/tool';
import { mcpCall } from './mcp-call';
import { mcpSearch } from './mcp-search';
import { showOutsideResult } from './show-outside-result';
import type { ResultPlace } from './show-outside-result';

export interface OutsideTools {
  readonly tools: readonly Tool[];
  readonly troubles: readonly ServerTrouble[];
}

/**
 * What tool servers offer, as tools of the agent's: those that fit into every request, by name, and, where some don't or
 * a server can't be used, a way to search for the others and to call them. To be asked once a turn: within one, models
 * see the same tools in the same order.
 */
export function outsideTools(source: ToolSource, place: ResultPlace) {
  return async (signal: AbortSignal): Promise<OutsideTools> => {
    const listing = await source.list(signal);
    const { direct, behind } = offerOf(listing.tools);
    const tools = direct.map((offered) => asTool(offered, source, place));
    const { troubles } = listing;
    if (behind.length === 0 && troubles.length === 0) return { tools, troubles };
    return { tools: [...tools, mcpSearch(listing), mcpCall(source, place)], troubles };
  };
}

function asTool({ spec, tool }: OfferedTool, source: ToolSource, place: ResultPlace): Tool {
  const { server, name, readsOnly } = tool;
  async function call(given: JsonValue, { callId, signal }: ToolContext): Promise<ToolOutput> {
    const input = jsonObject.safeParse(given);
    if (!input.success) return failed(`The input of ${spec.name} is no object.`);
    const result = await source.call({ server, tool: name, input: input.data }, signal);
    return showOutsideResult(result, spec.name, callId, place);
  }
  return {
    spec,
    access: readsOnly ? 'reads' : 'acts',
    call,
    resume: readsOnly ? call : async () => failed(INTERRUPTED_NOTE),
  };
}
