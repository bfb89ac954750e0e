/** Where a replay first did something else than its cassette says. */
export interface Drift {
  /** The step, in words: `model call 3`, `entry 12 of the journal`, `post 2`. */
  readonly step: string;
  readonly expected: string;
  readonly came: string;
}

const AROUND = 60;
const MAX_CHARACTERS = 400;

/** A drift of two values, each shown from shortly before the place where they part. */
export function driftBetween(step: string, expected: unknown, came: unknown): Drift {
  const [a, b] = [textOfValue(expected), textOfValue(came)];
  let same = 0;
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same += 1;
  return { step, expected: partFrom(a, same), came: partFrom(b, same) };
}

export function driftWords({ step, expected, came }: Drift): string {
  return `Drift at ${step}.\n  expected: ${expected}\n  came:     ${came}`;
}

/** Equal for values that say the same, whatever the order of their fields. */
export function textOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function partFrom(text: string, place: number): string {
  const from = Math.max(0, place - AROUND);
  const part = text.slice(from, from + MAX_CHARACTERS);
  return `${from > 0 ? '…' : ''}${part}${from + MAX_CHARACTERS < text.length ? '…' : ''}`;
}
