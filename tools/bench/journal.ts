import { text } from '@swe/domain';
import type { NewJournalEntry } from '@swe/domain';
import { chanceOf } from '../reliability/chance';
import type { Chance } from '../reliability/chance';

const MODEL = 'scripted/bench';
const WORDS = [
  ...['const', 'return', 'function', 'price', 'total', 'expect', 'import', 'await', 'order', 'item'],
  ...['=>', '{', '}', '(x)', '===', 'undefined;', "'km'", '+ 1', '\n', '\n  '],
] as const;

/**
 * A long job's journal, the same for the same seed: a person's words, then step after step of a model call with
 * reasoning and words, and a tool call with some kilobytes of result. Four entries a step.
 */
export function journalOf(entries: number, seed = 1): readonly NewJournalEntry[] {
  const chance = chanceOf(seed);
  const written: NewJournalEntry[] = [
    {
      kind: 'message-admitted',
      atMs: 0,
      inboxSeq: 1,
      requester: 'local:ada',
      content: [text(code(chance, 600))],
    },
  ];
  for (let step = 1; written.length < entries; step += 1) written.push(...stepOf(step, chance));
  // Cut where a step ends, so that no call is left without its result.
  return written.slice(0, written.length - ((written.length - 1) % 4));
}

function stepOf(step: number, chance: Chance): readonly NewJournalEntry[] {
  const atMs = step * 10_000;
  const callId = `call-${step}`;
  const name = chance.oneOf(['read_file', 'bash', 'search', 'edit_file']);
  const call = { callId, name };
  const usage = { inputTokens: 900, outputTokens: 400, cacheReadTokens: 50_000, cacheWriteTokens: 900 };
  return [
    { kind: 'model-call-started', atMs, callNumber: step, model: MODEL },
    {
      kind: 'model-call-finished',
      atMs,
      callNumber: step,
      model: MODEL,
      stop: 'tool-use',
      usage,
      durationMs: 4_000,
      content: [
        {
          type: 'reasoning',
          provider: MODEL,
          text: code(chance, 500),
          opaque: { signature: code(chance, 300) },
        },
        text(code(chance, 200)),
        { type: 'tool-call', ...call, input: { path: 'src/price.ts', old: code(chance, 300) } },
      ],
    },
    { kind: 'tool-started', atMs, ...call },
    {
      kind: 'tool-finished',
      atMs,
      ...call,
      content: [text(code(chance, 500 + chance.integer(8_000)))],
      isError: chance.happens(0.1),
      durationMs: 300,
    },
  ];
}

/** About so many characters of what looks like code. */
function code(chance: Chance, length: number): string {
  const words: string[] = [];
  for (let size = 0; size < length;) {
    const word = chance.oneOf(WORDS);
    words.push(word);
    size += word.length + 1;
  }
  return words.join(' ');
}
