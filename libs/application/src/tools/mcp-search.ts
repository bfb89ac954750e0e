import type { OutsideTool, ToolListing } from '@swe/domain';
import { z } from 'zod';
import { fenced } from '../agent/fence';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';

const MAX_FOUND = 8;
const MAX_DESCRIPTION_CHARACTERS = 500;
const MAX_SCHEMA_CHARACTERS = 3_000;
const MAX_TROUBLES = 20;

/** Searches the tools of tool servers, and says which servers can't be used. */
export function mcpSearch({ tools, troubles }: ToolListing): Tool {
  return defineTool({
    name: 'mcp_search',
    description:
      'Search the tools of the configured tool servers by words: there are more than those you see, or a server is in trouble. Gives at most 8, with their input schemas; mcp_call calls them.',
    access: 'reads',
    input: z.object({
      words: z.string().max(500).describe('What the tool should do, or a part of its name.'),
      server: z.string().optional().describe('Only of this server.'),
    }),
    async run({ words, server }) {
      const own = tools.filter((tool) => server === undefined || tool.server === server);
      const found = bestOf(own, wordsOf(words));
      const lines = [
        ...found.map(describe),
        ...troubles
          .slice(0, MAX_TROUBLES)
          .map((trouble) => `server ${trouble.server} is in trouble: ${trouble.reason}`),
        `${found.length} of ${own.length} tools are shown.`,
      ];
      return said(fenced('tool-servers', {}, lines.join('\n')));
    },
  });
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Those with most of the words, a word in the name counting more; without words the first ones. */
function bestOf(tools: readonly OutsideTool[], words: readonly string[]): readonly OutsideTool[] {
  if (words.length === 0) return tools.slice(0, MAX_FOUND);
  const scored = tools.map((tool) => ({ tool, score: scoreOf(tool, words) }));
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MAX_FOUND)
    .map(({ tool }) => tool);
}

function scoreOf({ name, description }: OutsideTool, words: readonly string[]): number {
  const [inName, inDescription] = [name.toLowerCase(), description.toLowerCase()];
  return words.reduce(
    (sum, word) => sum + (inName.includes(word) ? 3 : 0) + (inDescription.includes(word) ? 1 : 0),
    0,
  );
}

function describe({ server, name, description, inputSchema }: OutsideTool): string {
  const schema = JSON.stringify(inputSchema);
  const isCut = schema.length > MAX_SCHEMA_CHARACTERS;
  return [
    `server ${JSON.stringify(server)}, tool ${JSON.stringify(name)}: ${description.slice(0, MAX_DESCRIPTION_CHARACTERS)}`,
    `input: ${schema.slice(0, MAX_SCHEMA_CHARACTERS)}${isCut ? ' [cut]' : ''}`,
    '',
  ].join('\n');
}
