import type { JournalEntry } from '@swe/domain';

/**
 * A journal without what a machine saved of itself, numbered anew: nothing that the model gets to see goes by it, and when
 * it was saved depends on how fast the machine was.
 */
export function withoutMachine(journal: readonly JournalEntry[]): JournalEntry[] {
  const kept = journal.filter(({ kind }) => kind !== 'checkpoint-saved');
  const numbers = new Map(kept.map(({ seq }, i) => [seq, i + 1]));
  const lastUpTo = (seq: number): number => kept.findLastIndex((entry) => entry.seq <= seq) + 1;
  const firstFrom = (seq: number): number => kept.findIndex((entry) => entry.seq >= seq) + 1;
  return kept.map((entry, i) => {
    const seq = i + 1;
    if (entry.kind !== 'context-compacted') return { ...entry, seq };
    const { keeps } = entry;
    return {
      ...entry,
      seq,
      fromSeq: firstFrom(entry.fromSeq),
      toSeq: lastUpTo(entry.toSeq),
      ...(keeps !== undefined && { keeps: keeps.flatMap((each) => numbers.get(each) ?? []) }),
    };
  });
}
