import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineTool, said } from '../tool';
import { toolsOf } from './custom-agent-policy';

const tools = ['bash', 'read_file', 'ask_user', 'todo', 'report_progress'].map((name) =>
  defineTool({ name, description: name, access: 'reads', input: z.object({}), run: async () => said('') }),
);
const agent = { name: 'a', description: '', prompt: '' };
const named = (of: Parameters<typeof toolsOf>[0]) => toolsOf(of, tools).map(({ spec }) => spec.name);

describe('the tools of an agent', () => {
  it('are all, where it names none', () => {
    expect(toolsOf(undefined, tools)).toBe(tools);
    expect(toolsOf(agent, tools)).toBe(tools);
  });

  it('are those it names, in the order of all, and those to speak with', () => {
    expect(named({ ...agent, tools: ['read_file', 'unknown'] })).toEqual([
      'read_file',
      'ask_user',
      'todo',
      'report_progress',
    ]);
  });
});
