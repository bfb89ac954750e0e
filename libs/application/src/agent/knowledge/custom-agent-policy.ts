import { READ_RESULT_TOOL } from '@swe/domain';
import type { CustomAgent } from '@swe/domain';
import type { Tool } from '../tool';

/** What every agent may do: speak with the person, write down its plan, and see again what was left out to make room. */
const ALWAYS: ReadonlySet<string> = new Set(['ask_user', 'report_progress', 'todo', READ_RESULT_TOOL]);

/** A tool of a tool server has its server's name before its own: `mcp__jira__search`. */
const OF_SERVER = /^mcp_(?:_(.+?)__)?/;

/** The tools that an agent has: all, unless it names those that it may use, or the tool servers. */
export function toolsOf(agent: CustomAgent | undefined, tools: readonly Tool[]): readonly Tool[] {
  if (agent?.tools === undefined && agent?.mcpServers === undefined) return tools;
  return tools.filter(({ spec: { name } }) => ALWAYS.has(name) || mayUse(agent, name));
}

function mayUse({ tools, mcpServers }: CustomAgent, name: string): boolean {
  const [isOfServer, server = ''] = OF_SERVER.exec(name) ?? [];
  // What goes through all servers can't be held to some.
  if (isOfServer !== undefined && mcpServers !== undefined) return mcpServers.includes(server);
  return tools === undefined || tools.includes(name) || tools.includes(`mcp__${server}`);
}

/** What is said to a name that no agent has. */
export function unknownAgentWords(name: string, agents: readonly Pick<CustomAgent, 'name'>[]): string {
  const names = agents.map((agent) => `\`${agent.name}\``).join(', ');
  return `There is no agent \`${name}\`. ${names === '' ? 'Nobody has made any here.' : `There are: ${names}.`}`;
}
