import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Fault, textOf } from '@swe/domain';
import type { JsonValue } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryDirectory,
  MemoryImage,
  MemoryRepoHost,
  MemoryWebPage,
  MemoryWorkspace,
  ScriptedProcesses,
} from '@swe/testing/memory';
import { routeRepoHosts } from './route-repo-hosts';
import { backgroundProcesses, toolbox } from '../tools';
import { systemPrompt } from './prompt/system-prompt';
import { defineTool, said } from './tool';
import type { Tool, ToolContext } from './tool';

const context = {} as ToolContext;

function toolThat(run: (input: { path: string; lines: number }) => Promise<string>): Tool {
  return defineTool({
    name: 'cut',
    description: 'Cut a file.',
    access: 'acts',
    input: z.object({ path: z.string().min(1), lines: z.int().max(9).default(3) }),
    run: async (input) => said(await run(input)),
  });
}

const echo = toolThat(async ({ path, lines }) => `${path} ${lines}`);

describe('a tool', () => {
  it('gets its input with the defaults filled in', async () => {
    expect(await echo.call({ path: 'a' }, context)).toEqual(said('a 3'));
  });

  it.each<[string, JsonValue, string]>([
    ['a missing field', {}, 'path'],
    ['a wrong type', { path: 'a', lines: 'two' }, 'lines'],
    ['a value out of range', { path: 'a', lines: 10 }, 'lines'],
    ['a list', [], 'object'],
    ['nothing', null, 'object'],
    ['text', 'a', 'object'],
  ])('given %s answers with an error that names it', async (_name, input, words) => {
    const { content, isError } = await echo.call(input, context);
    expect(isError).toBe(true);
    expect(textOf(content)).toMatch(/^The input of cut is not valid\.\n/);
    expect(textOf(content)).toContain(words);
  });

  it.each<[string, unknown, string]>([
    ['a fault is told in its own words', new Fault('missing', 'a: no such file'), 'a: no such file'],
    ['a bug is told as one', new TypeError('x is undefined'), 'Unexpected failure: x is undefined'],
    ['anything else thrown too', 'oops', 'Unexpected failure: oops'],
  ])('never throws: %s', async (_name, error, words) => {
    const broken = toolThat(() => Promise.reject(error));
    const { content, isError } = await broken.call({ path: 'a' }, context);
    expect([textOf(content), isError]).toEqual([words, true]);
  });
});

describe('the schema that providers get', () => {
  it('is of an object, tells what may be left out, and names no dialect nor what goes without saying', () => {
    expect(echo.spec).toEqual({
      name: 'cut',
      description: 'Cut a file.',
      inputSchema: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          lines: { type: 'integer', maximum: 9, default: 3 },
        },
        required: ['path'],
      },
    });
  });

  const workspace = new MemoryWorkspace();
  const clock = new ManualClock();
  const processes = new ScriptedProcesses({ workspace, clock, programs: {} });
  const tools = toolbox({
    workspace,
    processes,
    background: backgroundProcesses(processes),
    blobs: new MemoryBlobStore(),
    chat: new MemoryChat(),
    directory: new MemoryDirectory(),
    demandRight: async () => undefined,
    pushProcesses: processes,
    image: new MemoryImage(),
    webPage: new MemoryWebPage(),
    clock,
    ...routeRepoHosts([{ serves: () => true, repoHost: new MemoryRepoHost() }]),
    follow: async () => undefined,
    grant: () => undefined,
    branch: 'swe/s',
    issue: undefined,
    ripgrepPath: '/rg',
  });

  it.each(tools.map(({ spec }) => [spec.name, spec] as const))(
    'of %s is one that all of them take',
    (name, spec) => {
      expect(name).toMatch(/^[a-z_]{1,64}$/);
      expect(spec.description.length).toBeLessThan(1_024);
      expect(spec.inputSchema).toMatchObject({ type: 'object', properties: expect.any(Object) });
      const keywords = new Set<string>();
      JSON.stringify(spec.inputSchema, (key, value: unknown) => {
        keywords.add(key);
        return value;
      });
      for (const refused of ['$schema', '$ref', '$defs', 'anyOf', 'oneOf', 'allOf', 'not']) {
        expect(keywords).not.toContain(refused);
      }
    },
  );

  it('comes in an order that is always the same', () => {
    expect(tools.map(({ spec }) => spec.name)).toEqual([
      'bash',
      'read_file',
      'write_file',
      'edit_file',
      'list_files',
      'search',
      'clone_repository',
      'open_pull_request',
      'report_progress',
      'ask_user',
      'send_file',
      'process_output',
      'process_input',
      'process_kill',
      'view_file',
      'fetch_url',
      'todo',
      'wait_for_checks',
      'read_review',
      'reply_to_review',
      'resolve_thread',
      'comment',
      'read_result',
    ]);
  });

  it('stays short, with the system prompt: every step of every session pays for both', () => {
    const system = systemPrompt({ workspaceRoot: '/sessions/1/workspace', branch: 'swe/sabc-issue-7' });
    const base = JSON.stringify({ system, tools: tools.map(({ spec }) => spec) });
    expect(Buffer.byteLength(base)).toBeLessThan(12_000);
  });
});
