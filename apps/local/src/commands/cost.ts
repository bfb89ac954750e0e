import { costTable, EXIT_CODES } from '@swe/adapter-local/terminal';
import type { CostOptions, ExitCode } from '@swe/adapter-local/terminal';
import { findSession } from '@swe/application/local';
import { createCostReport } from '@swe/domain';
import type { Session, SessionStore } from '@swe/domain';
import { readSpending } from '@swe/wiring/models';
import { openTwin } from '../program';
import type { Program } from '../program';

/** Tells what a session, or all of them, have cost by their journals. */
export async function cost(
  program: Program,
  wanted: string | undefined,
  { by, month }: CostOptions,
): Promise<ExitCode> {
  const { out, columns } = program;
  const config = program.readConfig();
  using twin = openTwin(program, config);
  const { priceOf } = await readSpending(config.modelAccess, config);
  const sessions = wanted === undefined ? allSessions(twin.store) : await familyOf(twin.store, wanted);
  const report = createCostReport(by, priceOf, month);
  for await (const session of sessions) {
    for await (const entry of twin.journal.read(session.id, 1)) report.add(session, entry);
  }
  const rows = report.rows();
  out(rows.length === 0 ? 'No model has been called.\n' : `${costTable(rows, columns())}\n`);
  return EXIT_CODES.done;
}

/** A session, and those that worked for it. */
async function familyOf(store: SessionStore, wanted: string): Promise<readonly Session[]> {
  const session = await findSession(store, wanted);
  const all = await Array.fromAsync(allSessions(store));
  return [session, ...all.filter(({ parent }) => parent === session.id)];
}

async function* allSessions(store: Pick<SessionStore, 'list'>): AsyncIterable<Session> {
  let next: string | undefined;
  do {
    const page = await store.list({ limit: 100, ...(next !== undefined && { after: next }) });
    yield* page.items;
    next = page.next;
  } while (next !== undefined);
}
