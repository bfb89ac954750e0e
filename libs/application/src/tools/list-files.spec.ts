import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import type { JsonObject } from '@swe/domain';
import { MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { listFiles } from './list-files';

async function list(paths: readonly string[], input: JsonObject = {}, links: readonly string[] = []) {
  const workspace = new MemoryWorkspace();
  for (const path of paths) await workspace.write(path, new Uint8Array());
  for (const link of links) workspace.link(link, 'nowhere');
  const { content, isError = false } = await listFiles(workspace).call(input, {} as ToolContext);
  return { said: textOf(content), isError };
}

describe('list_files', () => {
  it('shows two levels as a tree, folders and links marked', async () => {
    const { said } = await list(['b.ts', 'a/c/deep.ts', 'a/d.ts'], {}, ['link']);
    expect(said).toBe('a/\n  c/\n  d.ts\nb.ts\nlink@');
  });

  it.each<[JsonObject, string]>([
    [{ depth: 1 }, 'a/'],
    [{ depth: 3 }, 'a/\n  c/\n    deep.ts\n  d.ts'],
    [{ path: 'a' }, 'c/\n  deep.ts\nd.ts'],
    [{ path: 'a/c', depth: 8 }, 'deep.ts'],
  ])('shows what is asked for: %j', async (input, expected) => {
    expect((await list(['a/c/deep.ts', 'a/d.ts'], input)).said).toBe(expected);
  });

  it('names folders that hide everything else, and does not enter them', async () => {
    const { said } = await list(['.git/config', 'node_modules/a/b', '.swe/output', 'src/a'], { depth: 8 });
    expect(said).toBe('.git/\n.swe/\nnode_modules/\nsrc/\n  a');
  });

  it('enters such a folder when it is asked for', async () => {
    expect((await list(['node_modules/a/b'], { path: 'node_modules' })).said).toBe('a/\n  b');
  });

  it('says that a folder is empty', async () => {
    expect(await list([])).toEqual({ said: '(the folder is empty)', isError: false });
  });

  const many = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => `f/${String(i).padStart(4, '0')}`);

  it('stops at 500 entries and says so', async () => {
    const { said } = await list(many(600), { path: 'f' });
    expect(said.split('\n')).toHaveLength(501);
    expect(said).toMatch(/\n0499\n\[cut at 500 entries/);
  });

  it('shows 500 entries whole', async () => {
    const { said } = await list(many(500), { path: 'f' });
    expect(said.split('\n')).toHaveLength(500);
    expect(said).not.toContain('cut');
  });

  it('stops at 500 entries over all folders', async () => {
    const { said } = await list([...many(499), 'g/1', 'g/2', 'h/1']);
    expect(said.split('\n')).toHaveLength(501);
    expect(said).not.toContain('h/');
  });

  it.each([
    ['a folder that is missing', { path: 'nowhere' }, 'no such file'],
    ['a file', { path: 'a' }, 'not a directory'],
    ['a folder outside the workspace', { path: '..' }, 'outside'],
    ['more than 8 levels', { depth: 9 }, 'depth'],
  ])('refuses %s', async (_name, input, words) => {
    const { said, isError } = await list(['a'], input);
    expect(isError).toBe(true);
    expect(said).toContain(words);
  });
});
