import type { NumberLiteral } from './source-code';
import type { FailedComparison } from './test-report';

/** A number to try in a literal's place, and the rule that gave it. */
export interface Guess {
  readonly value: number;
  readonly rule: string;
}

type Rule = readonly [name: string, compute: () => number | undefined];

/** Loose enough for results that were rounded before they were compared. */
const ROUNDING_NOISE = 0.005;
const FLOAT_NOISE = 1e-9;
/** A change that rounding may hide. */
const SMALL_STEP = 0.1;
const MOST_DIGITS = 4;

/**
 * What came of a guess. `got`: what the same assertion gets now, if it still fails. `pinned`: assertions fail that
 * passed before, so they depend on this literal and were content with it as it was.
 */
export interface Measurement {
  readonly got: number | undefined;
  readonly pinned: boolean;
}

/**
 * Guesses what a literal should be, from what an assertion expected and got. Each guess is answered by a measurement
 * that leads to the next one: where the result depends on the literal in a straight line, two points give it away.
 * Ends early for a literal that the assertion never sees, and for one that other assertions hold in its place.
 */
export function* guessRepairs(
  { value: original, role }: NumberLiteral,
  { expected, actual }: FailedComparison,
  assertion: string,
): Generator<Guess, void, Measurement> {
  const tried = new Set([original]);
  if (role === 'limit') {
    for (const value of numbersIn(assertion)) {
      if (!tried.has(value)) yield { value, rule: 'a number of the failing assertion, as the limit' };
    }
    return;
  }

  let probe: { readonly value: number; readonly got: number } | undefined;
  const line: Rule = [
    'on the line through both results',
    () => probe && original + ((expected - actual) * (probe.value - original)) / (probe.got - actual),
  ];
  const rules: readonly Rule[] = [
    role === 'divisor'
      ? ['scaled by actual / expected', () => (original * actual) / expected]
      : ['scaled by expected / actual', () => (original * expected) / actual],
    line,
    ['doubled, to measure', () => (probe === undefined ? original * 2 : undefined)],
    line,
    // A result with a floor or a ceiling follows a straight line only near by.
    ['a small step, to measure', () => probe && original * (1 + SMALL_STEP)],
    line,
    ['shifted by expected - actual', () => original + expected - actual],
  ];
  for (const [rule, compute] of rules) {
    for (const value of tidied(compute() ?? NaN)) {
      if (tried.has(value)) continue;
      tried.add(value);
      const { got, pinned } = yield { value, rule };
      const unseen = got === actual && Math.abs(value / original - 1) > SMALL_STEP;
      if (unseen || (pinned && probe === undefined)) return;
      if (got !== undefined && got !== actual) probe = { value, got };
    }
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
