import { describe, expect, it } from '@jest/globals';
import { callsIn, importsOf, linesOf, numbersOf, statementAt } from './source-code';

describe('numbersOf', () => {
  const numbers = (source: string): readonly string[] | undefined =>
    numbersOf(source, 'fee')?.map(({ text, role }) => `${text} ${role}`);

  it('tells limits, divisors and operands apart', () => {
    const source =
      'export function fee(days, rate = 0.5) {\n  if (days >= 14) return days / 1.07;\n  return days * rate;\n}';
    expect(numbers(source)).toEqual(['0.5 operand', '14 limit', '1.07 divisor']);
  });

  it('stays within the function', () => {
    expect(
      numbers('const a = 1;\nfunction fee() { return { b: 2 }; }\nfunction other() { return 3; }'),
    ).toEqual(['2 operand']);
  });

  it('reads arrow functions, with and without a block', () => {
    expect(numbers('const fee = (days) => days * 2;\nconst other = 3;')).toEqual(['2 operand']);
    expect(numbers('const fee = ({ days }) => {\n  return days * 2;\n};\nconst other = 3;')).toEqual([
      '2 operand',
    ]);
  });

  it('adds the constants of the file that the function uses', () => {
    const source = 'const RATE = 0.3;\nconst OTHER = 0.4;\nfunction fee(days) { return days * RATE; }';
    expect(numbers(source)).toEqual(['0.3 operand']);
  });

  it('leaves out comments, strings and names', () => {
    const source = 'function fee(day1) {\n  // 1 of 2\n  /* 3 */\n  return day1 + \'4\' + "5" + `6`;\n}';
    expect(numbers(source)).toEqual([]);
  });

  it('gives the place in the source', () => {
    const source = '/* 7 */ function fee() { return 7; }';
    expect(numbersOf(source, 'fee')?.map(({ offset }) => offset)).toEqual([source.lastIndexOf('7')]);
  });

  it('knows no function of another name', () => {
    expect(numbersOf('function feeOf() { return 1; }', 'fee')).toBeUndefined();
  });
});

it('reads the lines of a file as read_file shows it', () => {
  expect(linesOf('1\tfirst\n2\t\tindented\n3\t\n[more lines follow: go on with startLine 4]')).toEqual([
    'first',
    '\tindented',
    '',
  ]);
});

it("knows what a module takes from the repository's own", () => {
  const source = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fee, limit as most } from '../src/fees.js';
const { old: former } = require("./former");`;
  expect([...importsOf(source)]).toEqual([
    ['fee', '../src/fees.js'],
    ['most', '../src/fees.js'],
    ['former', './former'],
  ]);
});

it('takes a statement over several lines', () => {
  expect(statementAt(['a();', 'assert.equal(', '  fee(3),', '  9,', ');', 'b();'], 2)).toBe(
    'assert.equal(\n  fee(3),\n  9,\n);',
  );
});

it('finds calls outside of strings', () => {
  expect(callsIn("assert.equal(fee('not(this)'), 3)")).toEqual(['equal', 'fee']);
});
