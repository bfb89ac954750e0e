import { reactionEntry } from '@swe/domain';
import type { InboxItem, OutboxEntry, Reaction, Session } from '@swe/domain';

/** A store's write has no room for any number: of more, the last ones are marked. */
const MAX_MARKS = 20;

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
    .slice(-MAX_MARKS)
    .map((item) => reactionEntry(session, item, reaction, atMs));
}
