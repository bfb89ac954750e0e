import type { Session, SessionStore } from '@swe/domain';

/**
 * Who has had the agent work in a session, the last one last: people whose words it took up and did not refuse. Where
 * everybody can speak, who asked for the session need not be one of them.
 */
export async function workedFor(
  store: Pick<SessionStore, 'readInbox'>,
  { id, cursor }: Pick<Session, 'id' | 'cursor'>,
): Promise<readonly string[]> {
  const items = await store.readInbox(id, 0);
  return items
    .filter(({ seq, body, cause }) => seq <= cursor && body.kind === 'text' && cause === undefined)
    .filter(({ outcome }) => outcome === undefined || !NO_WORK.includes(outcome.kind))
    .map(({ requester }) => requester);
}

const NO_WORK: readonly string[] = ['refused', 'cancelled', 'command-result'];
