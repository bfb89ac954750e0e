import type { InboxItem } from '@swe/domain';
import type { SessionRun } from './session-run';

/** Reads again what the session's requester wants of it, if one of these messages is a command that was answered. */
export async function followWishes(run: SessionRun, items: readonly InboxItem[]): Promise<void> {
  if (items.some(({ outcome }) => outcome?.kind === 'command-result')) await readWishes(run);
}

/** Reads again what the session's requester wants of it, and what the session that it works for may spend. */
export async function readWishes(run: SessionRun): Promise<void> {
  const stored = await run.ports.store.load(run.session.id);
  if (stored === undefined) return;
  const { parent } = stored;
  run.adopt(stored, parent === undefined ? undefined : await run.ports.store.capOf(parent));
  // It was to call a machine to what is wished for, and one is here.
  if (stored.retryAtMs !== undefined) run.stage({ session: { retryAtMs: undefined } });
}
