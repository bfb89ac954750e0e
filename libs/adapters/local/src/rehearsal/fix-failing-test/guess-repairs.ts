import type { NumberLiteral } from './source-code';
import type { FailedComparison } from './test-report';

/** A number to try in a literal's place, and the rule that gave it. */
export interface Guess {
  readonly value: number;
  readonly rule: string;
}

/** Loose enough for results that were rounded before they were compared. */
const ROUNDING_NOISE = 0.005;
const FLOAT_NOISE = 1e-9;
const MOST_DIGITS = 4;

/**
 * Guesses what a literal should be, from what an assertion expected and got. Each guess is answered by what the same
 * assertion gets with it (undefined when it no longer fails, or others do first), and that measurement leads to the
 * next guess: where the result depends on the literal in a straight line, two points give it away.
 */
export function* guessRepairs(
  literal: NumberLiteral,
  { expected, actual }: FailedComparison,
  assertion: string,
): Generator<Guess, void, number | undefined> {
  const tried = new Set([literal.value]);
  const untried = (values: readonly number[]): readonly number[] =>
    values.filter((value) => !tried.has(value));

  if (literal.role === 'limit') {
    for (const value of untried(numbersIn(assertion))) {
      tried.add(value);
      yield { value, rule: 'a number of the failing assertion, as the limit' };
    }
    return;
  }

  let probe: { value: number; got: number } | undefined;
  const rules: readonly [rule: string, compute: () => number][] = [
    literal.role === 'divisor'
      ? ['scaled by actual / expected', () => (literal.value * actual) / expected]
      : ['scaled by expected / actual', () => (literal.value * expected) / actual],
    ['on the line through both results', () => (probe === undefined ? NaN : interpolate(probe))],
    ['shifted by expected - actual', () => literal.value + expected - actual],
  ];
  for (const [rule, compute] of rules) {
    for (const value of untried(tidied(compute()))) {
      tried.add(value);
      const got = yield { value, rule };
      // The assertion never sees this literal.
      if (got === actual) return;
      if (got !== undefined) probe = { value, got };
    }
  }

  function interpolate({ value, got }: { value: number; got: number }): number {
    return literal.value + ((expected - actual) * (value - literal.value)) / (got - actual);
  }
}

/** The numbers a person would write for a computed one: exact when that is short, and rounded to a short one. */
function tidied(computed: number): readonly number[] {
  if (!Number.isFinite(computed) || computed < 0) return [];
  const exact = shortest(computed, FLOAT_NOISE);
  const rounded = shortest(computed, ROUNDING_NOISE);
  return digitsOf(exact) <= MOST_DIGITS ? [exact, rounded] : [rounded];
}

/** The number with the fewest decimals that is as near as `tolerance` allows. */
function shortest(value: number, tolerance: number): number {
  for (let decimals = 0; decimals <= 10; decimals += 1) {
    const rounded = Number(value.toFixed(decimals));
    if (Math.abs(rounded - value) <= tolerance * Math.abs(value)) return rounded;
  }
  return value;
}

function digitsOf(value: number): number {
  return String(value).replace('.', '').replace(/^0+/, '').length;
}

function numbersIn(code: string): readonly number[] {
  const numbers = code.match(/(?<![\w$.])\d+(?:\.\d+)?(?![\w$.])/g) ?? [];
  return [...new Set(numbers.map(Number))];
}
