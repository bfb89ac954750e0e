import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import type { JsonObject } from '@swe/domain';
import { ManualClock, MemoryWorkspace, ScriptedProcesses } from '@swe/testing/memory';
import type { ScriptedProgram } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { search } from './search';

const RIPGREP = '/opt/rg';
const context = { signal: new AbortController().signal } as ToolContext;

function openSearch(ripgrep: ScriptedProgram = () => 1) {
  const workspace = new MemoryWorkspace();
  workspace.put('/workspace/src/a.ts', '');
  workspace.put('/workspace/-v/a.ts', '');
  const clock = new ManualClock();
  const processes = new ScriptedProcesses({ workspace, clock, programs: { [RIPGREP]: ripgrep } });
  const tool = search(processes, workspace, RIPGREP);
  return {
    clock,
    workspace,
    processes,
    async find(input: JsonObject) {
      const { content, isError = false } = await tool.call(input, context);
      return { said: textOf(content), isError };
    },
    /** What ripgrep was started with, without what it always gets. */
    arguments() {
      const [command] = processes.commands;
      if (command === undefined || !('argv' in command)) throw new Error('ripgrep was not started');
      return command.argv.slice(11);
    },
  };
}

describe('search', () => {
  it.each<[JsonObject, readonly string[]]>([
    [{ pattern: 'a b' }, ['--regexp=a b', '--', '.']],
    [{ pattern: '-v' }, ['--regexp=-v', '--', '.']],
    [{ pattern: '--pre=sh' }, ['--regexp=--pre=sh', '--', '.']],
    [{ pattern: '$(touch x) `x` "\'' }, ['--regexp=$(touch x) `x` "\'', '--', '.']],
    [{ pattern: 'a', path: 'src/a.ts' }, ['--regexp=a', '--', 'src/a.ts']],
    [{ pattern: 'a', path: '-v' }, ['--regexp=a', '--', '-v']],
    [{ pattern: 'a', glob: '!*.test.js' }, ['--glob=!*.test.js', '--regexp=a', '--', '.']],
    [{ pattern: 'a', glob: '--pre=sh' }, ['--glob=--pre=sh', '--regexp=a', '--', '.']],
    [
      { pattern: 'a', literal: true, ignoreCase: true },
      ['--fixed-strings', '--ignore-case', '--regexp=a', '--', '.'],
    ],
    [{ pattern: 'a', literal: false, ignoreCase: false }, ['--regexp=a', '--', '.']],
  ])('hands %j over as arguments, never through a shell', async (input, expected) => {
    const world = openSearch();
    await world.find(input);
    expect(world.arguments()).toEqual(expected);
  });

  it('follows no link that is named as its path', async () => {
    const world = openSearch();
    world.workspace.link('/workspace/out', '/etc');
    expect(await world.find({ pattern: 'a', path: 'out' })).toEqual({
      said: 'out is a link: name what it points to.',
      isError: true,
    });
    expect(world.processes.commands).toEqual([]);
  });

  it("reads nobody's configuration, bounds its output, and sorts it", async () => {
    const world = openSearch();
    await world.find({ pattern: 'a' });
    const [command] = world.processes.commands;
    expect(command).toMatchObject({
      argv: expect.arrayContaining([
        '--no-config',
        '--max-columns=300',
        '--max-count=50',
        '--max-filesize=32M',
        '--sort=path',
      ]),
    });
  });

  it.each<[string, string, number, { said: string; isError: boolean }]>([
    ['matches', './src/a.ts:1:total\n', 0, { said: './src/a.ts:1:total\n', isError: false }],
    ['no match', '', 1, { said: 'No match.', isError: false }],
    [
      'a bad pattern',
      'regex parse error: unclosed group',
      2,
      { said: 'regex parse error: unclosed group\n[exit code 2 after 0.0 s]', isError: true },
    ],
    [
      'matches beside a folder that could not be read',
      './a:1:x\n./b: Permission denied\n',
      2,
      { said: './a:1:x\n./b: Permission denied\n\n[exit code 2 after 0.0 s]', isError: true },
    ],
  ])('tells %s', async (_name, output, exitCode, expected) => {
    const world = openSearch((ripgrep) => {
      ripgrep.print(output);
      return exitCode;
    });
    expect(await world.find({ pattern: 'a' })).toEqual(expected);
  });

  it('shortens what is too long, and says where the rest is', async () => {
    const world = openSearch((ripgrep) => {
      ripgrep.print('x'.repeat(100_000));
      return 0;
    });
    const { said } = await world.find({ pattern: 'x' });
    expect(said.length).toBeLessThan(25_000);
    expect(said).toMatch(/75424 of 100000 bytes left out; all of it is in \.swe\/output\//);
  });

  it('gives up after a minute', async () => {
    const world = openSearch((ripgrep) => ripgrep.hang());
    const found = world.find({ pattern: 'x' });
    await world.clock.advance(60_000);
    expect(await found).toEqual({ said: expect.stringContaining('timed out'), isError: true });
  });

  it.each([
    ['a path that is missing', { pattern: 'a', path: 'nowhere' }, 'no such file'],
    ['a path outside the workspace', { pattern: 'a', path: '../etc' }, 'outside'],
    ['an empty pattern', { pattern: '' }, 'pattern'],
  ])('refuses %s, and starts nothing', async (_name, input, words) => {
    const world = openSearch();
    expect(await world.find(input)).toEqual({ said: expect.stringContaining(words), isError: true });
    expect(world.processes.commands).toEqual([]);
  });
});
