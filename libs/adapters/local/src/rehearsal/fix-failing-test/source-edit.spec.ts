import { expect, it } from '@jest/globals';
import { numbersOf } from './source-code';
import { putNumber, undoOf } from './source-edit';

const change = (source: string, value: number) => {
  const [literal] = numbersOf(source, 'fee') ?? [];
  if (literal === undefined) throw new Error('the source of the test has no number');
  return putNumber(source, literal, value);
};

it('replaces the whole line', () => {
  const source = 'function fee(days) {\n  return days * 3;\n}\n';
  expect(change(source, 4)).toEqual({
    edit: { oldText: '  return days * 3;', newText: '  return days * 4;' },
    source: 'function fee(days) {\n  return days * 4;\n}\n',
  });
});

it('takes lines before it until the edit is unique', () => {
  const source = 'function other() {\n  return 3;\n}\nfunction fee() {\n  return 3;\n}';
  expect(change(source, 4).edit.oldText).toBe('function fee() {\n  return 3;');
});

it('is unique after the edit too, so that it can be undone', () => {
  const source = 'function other() {\n  return 4;\n}\nfunction fee() {\n  return 3;\n}';
  const { edit, source: edited } = change(source, 4);
  const { oldText, newText } = undoOf(edit);
  expect(edited.split(oldText)).toHaveLength(2);
  expect(edited.replace(oldText, newText)).toBe(source);
});
