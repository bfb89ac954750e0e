import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import type { JsonValue } from '@swe/domain';
import { MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { editFile } from './edit-file';

const PATH = 'src/cart.ts';

async function edit(file: string | Uint8Array | undefined, ...edits: readonly JsonValue[]) {
  const workspace = new MemoryWorkspace();
  if (file !== undefined) {
    await workspace.write(PATH, typeof file === 'string' ? new TextEncoder().encode(file) : file);
  }
  const tool = editFile(workspace);
  const { content, isError = false } = await tool.call({ path: PATH, edits: [...edits] }, {} as ToolContext);
  const { bytes } = file === undefined ? { bytes: new Uint8Array() } : await workspace.read(PATH);
  return {
    said: textOf(content),
    isError,
    bytes,
    file: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  };
}

describe('edit_file', () => {
  it('changes the file and shows the place, with line numbers', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`);
    const { said, isError, file } = await edit(`${lines.join('\n')}\n`, {
      oldText: 'line 30\n',
      newText: 'new $& line\nline 30\n',
    });
    expect(isError).toBe(false);
    expect(file).toBe(`${lines.join('\n')}\n`.replace('line 30\n', () => 'new $& line\nline 30\n'));
    expect(said.split('\n')).toEqual([
      `Changed ${PATH}:`,
      '27\tline 27',
      '28\tline 28',
      '29\tline 29',
      '30\tnew $& line',
      '31\tline 30',
      ...lines.slice(30, 49).map((line, i) => `${i + 32}\t${line}`),
    ]);
  });

  it('applies all edits or none', async () => {
    const both = await edit('a\nb\n', { oldText: 'a', newText: 'x' }, { oldText: 'b', newText: 'y' });
    expect(both.file).toBe('x\ny\n');
    const none = await edit('a\nb\n', { oldText: 'a', newText: 'x' }, { oldText: 'c', newText: 'y' });
    expect(none).toMatchObject({ isError: true, file: 'a\nb\n' });
    expect(none.said).toContain('Edit 2 of 2');
  });

  it('keeps CRLF and a byte order mark, byte for byte', async () => {
    const { file, said } = await edit('\uFEFFa\r\nb\r\n', { oldText: 'a\nb', newText: 'c\nd' });
    expect(file).toBe('\uFEFFc\r\nd\r\n');
    expect(said).not.toContain('\r');
  });

  it('does not touch a file that is not UTF-8', async () => {
    const latin1 = Uint8Array.from([0x61, 0xe9, 0x0a]);
    const { said, isError, bytes } = await edit(latin1, { oldText: 'a', newText: 'b' });
    expect(said).toContain('not UTF-8');
    expect(isError).toBe(true);
    expect(bytes).toEqual(latin1);
  });

  it('says little about a file with very long lines', async () => {
    const { said, file } = await edit('x'.repeat(1_000_000) + 'OLD', { oldText: 'OLD', newText: 'NEW' });
    expect(file.endsWith('xNEW')).toBe(true);
    expect(said.length).toBeLessThan(1_000);
  });

  it.each<[string, string | undefined, readonly JsonValue[], string]>([
    ['a file that is missing', undefined, [{ oldText: 'a', newText: 'b' }], 'no such file'],
    ['an empty file', '', [{ oldText: 'a', newText: 'b' }], 'does not occur'],
    ['text that occurs twice', 'a a', [{ oldText: 'a', newText: 'b' }], 'occurs 2 times'],
    ['nothing to look for', 'a', [{ oldText: '', newText: 'b' }], 'not valid'],
    ['no edits', 'a', [], 'not valid'],
  ])('refuses %s', async (_name, file, edits, words) => {
    const { said, isError, file: after } = await edit(file, ...edits);
    expect([isError, after]).toEqual([true, file ?? '']);
    expect(said).toContain(words);
  });
});
