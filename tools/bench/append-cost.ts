import type { NewJournalEntry } from '@swe/domain';
import { openStore } from './store';

/** How long each of `entries` takes to append, one write after the other, each of them on the disk when it is done. */
export async function appendEach(
  path: string,
  sessionId: string,
  entries: readonly NewJournalEntry[],
): Promise<readonly number[]> {
  using opened = openStore(path);
  const { fence } = await opened.store.takeLease({ sessionId, holder: 'bench', generation: 0, dueAtMs: 1 });
  const times: number[] = [];
  for (const entry of entries) {
    const begunAt = performance.now();
    await opened.journal.append({ sessionId, fence, entries: [entry], session: { updatedAtMs: 1 } });
    times.push(performance.now() - begunAt);
  }
  return times;
}
