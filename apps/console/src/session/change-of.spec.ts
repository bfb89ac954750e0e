import { expect, it } from '@jest/globals';
import { editsIn } from './change-of';
import type { JsonInput, Row } from './transcript-view';

const call = (callId: string, name: string, input: JsonInput, isError?: boolean): Row => ({
  key: callId,
  at: '',
  kind: 'call',
  call: { callId, name, input, ...(isError !== undefined && { result: { isError, durationMs: 1 } }) },
});
const edit = (path: string, oldText: string, newText: string): JsonInput => ({
  path,
  edits: [{ oldText, newText }],
});

it('edits are shown by file, each where it succeeded', () => {
  const files = editsIn([
    call('1', 'edit_file', edit('a.js', 'one\ntwo', 'one\n2'), false),
    call('2', 'write_file', { path: 'b.md', content: '# B\n\nIt is.\n' }, false),
    call('3', 'edit_file', edit('a.js', '2', 'two'), false),
    call('4', 'edit_file', edit('a.js', 'three', '3'), true),
    call('5', 'edit_file', edit('c.js', 'three', '3')),
    call('6', 'read_file', { path: 'a.js' }, false),
  ]);
  expect(files.map(({ path, added, removed }) => [path, added, removed])).toEqual([
    ['a.js', 2, 2],
    ['b.md', 3, 0],
  ]);
  expect(files[0]?.hunks.map(({ lines }) => lines.map(({ sign, text }) => sign + text))).toEqual([
    [' one', '-two', '+2'],
    ['-2', '+two'],
  ]);
});
