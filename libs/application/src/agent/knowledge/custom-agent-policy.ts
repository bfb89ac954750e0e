import type { CustomAgent } from '@swe/domain';
import type { Tool } from '../tool';

/** What every agent may do: speak with the person, and write down its plan. */
const ALWAYS: ReadonlySet<string> = new Set(['ask_user', 'report_progress', 'todo']);

/** The tools that an agent has: all, unless it names those that it may use. */
export function toolsOf(agent: CustomAgent | undefined, tools: readonly Tool[]): readonly Tool[] {
  const named = agent?.tools;
  if (named === undefined) return tools;
  return tools.filter(({ spec: { name } }) => ALWAYS.has(name) || named.includes(name));
}

/** What is said to a name that no agent has. */
export function unknownAgentWords(name: string, agents: readonly Pick<CustomAgent, 'name'>[]): string {
  const names = agents.map((agent) => `\`${agent.name}\``).join(', ');
  return `There is no agent \`${name}\`. ${names === '' ? 'Nobody has made any here.' : `There are: ${names}.`}`;
}
