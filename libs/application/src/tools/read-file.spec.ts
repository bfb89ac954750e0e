import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import type { JsonObject } from '@swe/domain';
import { MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { readFile } from './read-file';

const MIB = 1_048_576;

async function read(file: string | Uint8Array, range: JsonObject = {}) {
  const workspace = new MemoryWorkspace();
  await workspace.write('file', typeof file === 'string' ? new TextEncoder().encode(file) : file);
  const { content, isError = false } = await readFile(workspace).call(
    { path: 'file', ...range },
    {} as ToolContext,
  );
  return { said: textOf(content), isError };
}

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\tline ${from + i}`).join('\n');
const file = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join('');

describe('read_file', () => {
  it.each<[string, string, JsonObject, string]>([
    ['numbers the lines', 'a\nb\n', {}, '1\ta\n2\tb'],
    ['shows a last line without its line break', 'a\nb', {}, '1\ta\n2\tb'],
    ['shows empty lines, and none behind the last line break', '\na\n\n', {}, '1\t\n2\ta\n3\t'],
    ['shows a file of one line break', '\n', {}, '1\t'],
    ['shows CRLF as line ends', 'a\r\nb\r\n\r\n', {}, '1\ta\n2\tb\n3\t'],
    ['keeps carriage returns that are none', 'a\rb\n', {}, '1\ta\rb'],
    ['says that a file is empty', '', {}, '(the file is empty)'],
    ['shows no byte order mark', '\uFEFFa\n', {}, '1\ta'],
    [
      'shows a range',
      file(9),
      { startLine: 3, lineCount: 2 },
      `${lines(3, 4)}\n[more lines follow: go on with startLine 5]`,
    ],
    ['shows a range up to the end', file(9), { startLine: 8, lineCount: 2 }, lines(8, 9)],
    ['shows a range beyond the end', file(9), { startLine: 9, lineCount: 2 }, lines(9, 9)],
    [
      'stops after 2,000 lines',
      file(2_001),
      {},
      `${lines(1, 2_000)}\n[more lines follow: go on with startLine 2001]`,
    ],
    ['shows 2,000 lines whole', file(2_000), {}, lines(1, 2_000)],
    ['cuts a long line', `${'x'.repeat(2_001)}\ny\n`, {}, `1\t${'x'.repeat(2_000)} [line cut]\n2\ty`],
    ['does not cut a line that just fits', 'x'.repeat(2_000), {}, `1\t${'x'.repeat(2_000)}`],
  ])('%s', async (_name, content, range, expected) => {
    expect(await read(content, range)).toEqual({ said: expected, isError: false });
  });

  it('cuts no emoji in half', async () => {
    const { said } = await read(`${'x'.repeat(1_999)}😀 and more`);
    expect(said.isWellFormed()).toBe(true);
  });

  it('goes on where it stopped, until everything was shown once', async () => {
    const content = Array.from({ length: 300 }, (_, i) => `${i} ${'x'.repeat(1_000)}`).join('\n');
    const shown: string[] = [];
    for (let startLine: number | undefined = 1; startLine !== undefined;) {
      const { said }: { said: string } = await read(content, { startLine });
      expect(said.length).toBeLessThan(54_000);
      const [part = '', next] = said.split('\n[more lines follow: go on with startLine ');
      shown.push(part);
      startLine = next === undefined ? undefined : Number.parseInt(next, 10);
    }
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.join('\n').replace(/^\d+\t/gm, '')).toBe(content);
  });

  it.each([
    ['a character of four bytes', '😀', 1],
    ['a character of four bytes', '😀', 2],
    ['a character of four bytes', '😀', 3],
    ['a character of two bytes', 'é', 1],
    ['a CRLF', '\r\n', 1],
  ])('reads %s (%j) that begins %d byte(s) before the end of a piece', async (_name, character, before) => {
    const head = `${'x'.repeat(MIB - before - 3)}\nab${character}cd\nend`;
    const expected = `ab${character}cd`.split('\r\n').concat('end');
    const { said } = await read(head, { startLine: 2 });
    expect(said).toBe(expected.map((line, i) => `${i + 2}\t${line}`).join('\n'));
  });

  it('reads 3 MB without a line break, and what comes behind it', async () => {
    const { said, isError } = await read(`${'x'.repeat(3 * MIB)}\nend\n`);
    expect(isError).toBe(false);
    expect(said).toBe(`1\t${'x'.repeat(2_000)} [line cut]\n2\tend`);
  });

  it('holds no more than a piece of 64 KB at a time', async () => {
    const workspace = new MemoryWorkspace();
    await workspace.write('file', new Uint8Array(MIB / 4).fill(0x78));
    const lengths: (number | undefined)[] = [];
    const watched: Parameters<typeof readFile>[0] = {
      read(path, range) {
        lengths.push(range?.length);
        return workspace.read(path, range);
      },
    };
    await readFile(watched).call({ path: 'file' }, {} as ToolContext);
    expect(lengths).toEqual([65_536, 65_536, 65_536, 65_536]);
  });

  it('shows bytes that are not UTF-8 as such', async () => {
    expect((await read(Uint8Array.from([0x61, 0xff, 0x0a]))).said).toBe('1\ta\uFFFD');
  });

  it.each<[string, string | Uint8Array, JsonObject, string]>([
    ['a binary file', 'GIF89a\0\x01', {}, 'file is a binary file of 8 bytes.'],
    ['a range behind the end', 'a\nb\n', { startLine: 3 }, 'file has only 2 lines.'],
    ['line 0', 'a\n', { startLine: 0 }, 'startLine'],
    ['more than 2,000 lines at a time', 'a\n', { lineCount: 2_001 }, 'lineCount'],
    ['a file that is missing', 'a\n', { path: 'nowhere' }, 'no such file'],
    ['a file outside the workspace', 'a\n', { path: '../file' }, 'outside'],
    ['a folder', 'a\n', { path: '.' }, 'directory'],
  ])('refuses %s', async (_name, content, input, words) => {
    const { said, isError } = await read(content, input);
    expect(isError).toBe(true);
    expect(said).toContain(words);
  });
});
