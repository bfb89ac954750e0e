import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineTool, said } from '../tool';
import { toolsOf } from './custom-agent-policy';

const always = ['ask_user', 'todo', 'report_progress', 'read_result'];
const own = ['bash', 'read_file', ...always];
const outside = ['mcp__jira__get', 'mcp__my_db__ask', 'mcp_search'];
const tools = [...own, ...outside].map((name) =>
  defineTool({ name, description: name, access: 'reads', input: z.object({}), run: async () => said('') }),
);
const agent = { name: 'a', description: '', prompt: '' };
const named = (of: Parameters<typeof toolsOf>[0]) => toolsOf(of, tools).map(({ spec }) => spec.name);

describe('the tools of an agent', () => {
  it('are all, where it names none', () => {
    expect(toolsOf(undefined, tools)).toBe(tools);
    expect(toolsOf(agent, tools)).toBe(tools);
  });

  it('are those it names, in the order of all, and those that each has to have', () => {
    expect(named({ ...agent, tools: ['read_file', 'unknown'] })).toEqual(['read_file', ...always]);
  });

  it.each([
    [{ tools: ['bash', 'mcp__jira__get'] }, ['bash', 'mcp__jira__get']],
    [{ tools: ['mcp__my_db'] }, ['mcp__my_db__ask']],
    [{ tools: ['bash'], mcpServers: ['jira'] }, ['bash', 'mcp__jira__get']],
    [{ mcpServers: ['my_db'] }, ['bash', 'read_file', 'mcp__my_db__ask']],
  ])('with %j are, of its own and of tool servers, %j', (some, names) => {
    expect(named({ ...agent, ...some }).filter((name) => !always.includes(name))).toEqual(names);
  });
});
