import type { NewJournalEntry } from '../session/journal-entry';

/** How much a model is to think before it answers. */
export type Effort = 'usual' | 'highest';

const WORD = /\bultrathink\b/i;

/**
 * The effort after an entry: the highest from a message of the person's with the word `ultrathink` on, until the turn
 * that it belongs to has its outcome. What issues and tools say raises nothing. Not for one call only: a change
 * breaks the models' caches.
 */
export function effortAfter(effort: Effort, entry: NewJournalEntry): Effort {
  if (entry.kind === 'state-changed' && entry.outcome !== undefined) return 'usual';
  if (entry.kind !== 'message-admitted') return effort;
  // Their own words come first; what follows are issues that they point to.
  const [words] = entry.content;
  return words?.type === 'text' && WORD.test(words.text) ? 'highest' : effort;
}
