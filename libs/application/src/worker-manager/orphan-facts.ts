import type { SessionStore } from '@swe/domain';
import type { OrphanFacts } from './orphan-policy';

/** What is stored of a machine's session; undefined when there is none. */
export async function readOrphanFacts(
  store: Pick<SessionStore, 'load' | 'readInbox' | 'readLease'>,
  sessionId: string,
): Promise<OrphanFacts | undefined> {
  const session = await store.load(sessionId);
  if (session === undefined) return undefined;
  const lease = await store.readLease(sessionId);
  const hasMail = (await store.readInbox(sessionId, session.cursor)).length > 0;
  return { session, lease, hasMail };
}
