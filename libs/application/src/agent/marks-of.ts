import { reactionEntry } from '@swe/domain';
import type { InboxItem, OutboxEntry, Reaction, Session } from '@swe/domain';

/** What marks those of `items` that can be marked where they were sent. */
export function marksOf(
  session: Pick<Session, 'id' | 'origin'>,
  items: readonly InboxItem[],
  reaction: Reaction | undefined,
  atMs: number,
): readonly OutboxEntry[] {
  if (reaction === undefined) return [];
  return items
    .filter(({ showsReactions }) => showsReactions === true)
    .map((item) => reactionEntry(session, item, reaction, atMs));
}
