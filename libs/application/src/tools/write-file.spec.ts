import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import { MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { writeFile } from './write-file';

function openTool() {
  const workspace = new MemoryWorkspace();
  const tool = writeFile(workspace);
  return {
    workspace,
    files: () => workspace.files(workspace.root),
    async write(path: string, content: string) {
      const output = await tool.call({ path, content }, {} as ToolContext);
      return [textOf(output.content), output.isError ?? false];
    },
  };
}

describe('write_file', () => {
  it('creates a file with its folders, then replaces the whole of it, and says which', async () => {
    const { write, files } = openTool();
    expect(await write('a/b/c.txt', 'one\n')).toEqual(['Created a/b/c.txt (4 bytes).', false]);
    expect(await write('a/b/c.txt', 'é')).toEqual(['Replaced a/b/c.txt (2 bytes).', false]);
    expect(files()).toEqual({ 'a/b/c.txt': 'é' });
  });

  it.each(['', '$& \\n \r\n\0', '😀', 'no line break'])('writes %j as it is', async (content) => {
    const { write, files } = openTool();
    await write('file', content);
    expect(files()).toEqual({ file: content });
  });

  it.each([
    ['outside the workspace', '../file', 'outside'],
    ['in the place of a folder', 'folder', 'directory'],
    ['below a file', 'folder/file/below', 'not a directory'],
  ])('refuses to write %s', async (_name, path, words) => {
    const { write, files } = openTool();
    await write('folder/file', 'x');
    expect(await write(path, 'y')).toEqual([expect.stringContaining(words), true]);
    expect(files()).toEqual({ 'folder/file': 'x' });
  });
});
