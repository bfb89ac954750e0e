import type { LoopbackAnswer } from '@swe/testing/servers';
import { chanceOf } from '../reliability/chance';
import type { Chance } from '../reliability/chance';

/** What a recorded session is made of, step by step. */
export interface PlannedStep {
  readonly answer: LoopbackAnswer;
  /** What its commands print, by their script. */
  readonly prints: Readonly<Record<string, string>>;
}

const WORDS = [
  ...['const', 'return', 'function', 'price', 'total', 'expect', 'import', 'await', 'order', 'item'],
  ...['=>', '{', '}', '(x)', '===', 'undefined;', "'km'", '+ 1', '\n', '\n  '],
] as const;

/**
 * A day's work: it looks, reads, thinks now and then, edits, runs and writes its plan down, with outputs from a line to more
 * than fits. `thinking` is the share of steps that think first. The same for the same seed.
 */
export function longJob(steps: number, thinking = 0, seed = 1): readonly PlannedStep[] {
  const chance = chanceOf(seed);
  return Array.from({ length: steps }, (_, n) => {
    const calls = Array.from({ length: 1 + chance.integer(2) }, (_each, i) => `./work ${n}.${i}`);
    const isWriting = chance.happens(0.2);
    const path = `src/file-${chance.integer(40)}.ts`;
    const write = { name: 'write_file', input: { path, content: code(chance, 200 + chance.integer(3_000)) } };
    return {
      answer: {
        ...(chance.happens(thinking) && {
          reasoning: [{ text: code(chance, 300), seal: code(chance, 200) }],
        }),
        say: code(chance, 400),
        calls: [
          ...calls.map((command) => ({ name: 'bash', input: { command } })),
          ...(isWriting ? [write] : []),
        ],
      },
      prints: Object.fromEntries(calls.map((command) => [command, code(chance, outputBytes(chance))])),
    };
  });
}

/** Steps each of which prints so many bytes. */
export function loudJob(steps: number, bytes: number): readonly PlannedStep[] {
  const chance = chanceOf(1);
  return Array.from({ length: steps }, (_, n) => {
    const command = `./print ${n}`;
    return {
      answer: { calls: [{ name: 'bash', input: { command } }] },
      prints: { [command]: code(chance, bytes) },
    };
  });
}

function outputBytes(chance: Chance): number {
  if (chance.happens(0.05)) return 20_000 + chance.integer(60_000);
  return chance.happens(0.4) ? 500 + chance.integer(3_000) : 50 + chance.integer(400);
}

function code(chance: Chance, bytes: number): string {
  const words: string[] = [];
  for (let length = 0; length < bytes; length += (words.at(-1)?.length ?? 0) + 1) {
    words.push(chance.oneOf(WORDS));
  }
  return words.join(' ').slice(0, bytes);
}
