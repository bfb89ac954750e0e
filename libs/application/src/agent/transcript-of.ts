import { textOf } from '@swe/domain';
import type { AssistantContent, JournalEntry } from '@swe/domain';

const MESSAGE_CHARACTERS = 2_000;
const WORDS_CHARACTERS = 1_000;
const INPUT_CHARACTERS = 600;
const RESULT_CHARACTERS = 1_000;

/**
 * A part of a session as text, for a model that is to sum it up: each item shortened in its middle, and of more than
 * `maxBytes` the oldest left out.
 */
export function transcriptOf(entries: readonly JournalEntry[], maxBytes: number): string {
  const lines = entries.flatMap(linesOf);
  const newest: string[] = [];
  let bytes = 0;
  for (const line of lines.toReversed()) {
    bytes += Buffer.byteLength(line) + 2;
    if (bytes > maxBytes) break;
    newest.push(line);
  }
  return newest.toReversed().join('\n\n');
}

function linesOf(entry: JournalEntry): readonly string[] {
  switch (entry.kind) {
    case 'message-admitted':
      return [`PERSON: ${inShort(textOf(entry.content), MESSAGE_CHARACTERS)}`];
    case 'model-call-finished':
      return entry.purpose === undefined ? entry.content.flatMap(saidOf) : [];
    case 'tool-finished':
      return [
        `RESULT of ${entry.name}${entry.isError ? ' (failed)' : ''}: ${inShort(textOf(entry.content), RESULT_CHARACTERS)}`,
      ];
    case 'context-compacted':
      return [`EARLIER: ${textOf(entry.replacement)}`];
    case 'checkpoint-restored':
      return [`HARNESS: ${entry.note}`];
    default:
      return [];
  }
}

function saidOf(part: AssistantContent): readonly string[] {
  switch (part.type) {
    case 'text':
      return [`ENGINEER: ${inShort(part.text, WORDS_CHARACTERS)}`];
    case 'tool-call':
      return [`CALL ${part.name} ${inShort(JSON.stringify(part.input), INPUT_CHARACTERS)}`];
    case 'reasoning':
      return [];
  }
}

function inShort(words: string, characters: number): string {
  if (words.length <= characters) return words;
  const half = Math.floor(characters / 2);
  return `${words.slice(0, half)} [...] ${words.slice(words.length - half)}`;
}
