import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guessRepairs } from './guess-repairs';
import type { NumberLiteral } from './source-code';

interface Puzzle {
  readonly right: number;
  readonly wrong: number;
  /** What the assertion gets, with a number in the literal's place. */
  readonly resultOf: (value: number) => number;
  readonly role?: NumberLiteral['role'];
  readonly assertion?: string;
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** The guesses up to the right one, or all of them when the rules give up. */
function guessesFor({ right, wrong, resultOf, role = 'operand', assertion = '' }: Puzzle): readonly number[] {
  const literal = { text: String(wrong), value: wrong, offset: 0, role };
  const expected = resultOf(right);
  const failure = { test: 't', file: 'f', line: 1, expected, actual: resultOf(wrong) };
  const guesses = guessRepairs(literal, failure, assertion);
  const given: number[] = [];
  for (let next = guesses.next(); next.done !== true;) {
    const { value } = next.value;
    given.push(value);
    if (value === right) break;
    const got = resultOf(value);
    next = guesses.next({ got: got === expected ? undefined : got, pinned: false });
  }
  return given;
}

describe('guessRepairs', () => {
  it.each<[string, Puzzle, number]>([
    ['a factor', { right: 0.05, wrong: 0.5, resultOf: (v) => cents(60 * v) }, 1],
    ['a divisor', { right: 1.07, wrong: 1.7, resultOf: (v) => cents(107 / v), role: 'divisor' }, 2],
    ['a summand', { right: 2.4, wrong: 4.2, resultOf: (v) => cents(v + 1.35) }, 2],
    ['a part of one', { right: 0.15, wrong: 0.25, resultOf: (v) => cents(80 * (1 - v)) }, 2],
    [
      'a small rate that cents hide',
      { right: 0.02, wrong: 0.002, resultOf: (v) => cents(20 * (0.96 - v)) },
      3,
    ],
    ['a ceiling', { right: 0.6, wrong: 0.8, resultOf: (v) => cents(25 * (1 - Math.min(1.2, v))) }, 4],
    ['a price with many digits', { right: 49.95, wrong: 59.95, resultOf: (v) => cents(v + 4.9) }, 2],
  ])('finds %s', (_name, puzzle, most) => {
    const guesses = guessesFor(puzzle);
    expect(guesses.at(-1)).toBe(puzzle.right);
    expect(guesses.length).toBeLessThanOrEqual(most);
  });

  it('finds a limit among the numbers of the assertion', () => {
    const puzzle: Puzzle = {
      right: 45,
      wrong: 60,
      resultOf: (limit) => (45 >= limit ? 0 : 3.9),
      role: 'limit',
      assertion: 'assert.equal(deliveryCharge(45), 0);',
    };
    expect(guessesFor(puzzle)).toEqual([45]);
  });

  it('leaves a literal alone that the assertion does not see', () => {
    expect(guessesFor({ right: 3, wrong: 7, resultOf: (v) => (v === 3 ? 10 : 4) })).toEqual([17.5]);
  });

  it('leaves a literal alone that other assertions pin', () => {
    const literal = { text: '2', value: 2, offset: 0, role: 'operand' } as const;
    const guesses = guessRepairs(literal, { test: 't', file: 'f', line: 9, expected: 6, actual: 3 }, '');
    expect(guesses.next().value).toMatchObject({ value: 4 });
    expect(guesses.next({ got: undefined, pinned: true }).done).toBe(true);
  });

  it('finds any short number that a result depends on in a straight line', () => {
    const short = fc.integer({ min: 1, max: 999 }).map((n) => n / 100);
    const slope = fc.integer({ min: 1, max: 500 });
    const offset = fc.integer({ min: -500, max: 500 });
    fc.assert(
      fc.property(short, short, slope, offset, (right, wrong, a, b) => {
        fc.pre(right !== wrong);
        const guesses = guessesFor({ right, wrong, resultOf: (v) => Number((a * v + b).toFixed(6)) });
        expect(guesses).toContain(right);
        expect(guesses.length).toBeLessThanOrEqual(7);
      }),
    );
  });
});
