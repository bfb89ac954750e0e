import { Fault } from '@swe/domain';
import type { Session, SessionStore } from '@swe/domain';

const PAGE = 200;

/** The session of this id, or the only one whose id begins so. Throws `missing`, or `invalid` when several do. */
export async function findSession(store: Pick<SessionStore, 'list'>, beginning: string): Promise<Session> {
  const found: Session[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    found.push(...page.items.filter(({ id }) => id.startsWith(beginning)));
    after = page.next;
  } while (after !== undefined);
  const [session] = found;
  if (session === undefined) {
    throw new Fault('missing', `There is no session ${beginning}. List them: swe sessions`);
  }
  if (found.length > 1) {
    throw new Fault('invalid', `${found.length} sessions begin with ${beginning}: say more of it.`);
  }
  return session;
}
