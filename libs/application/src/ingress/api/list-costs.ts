import { createCostReport, pricesOf, toUsd } from '@swe/domain';
import type { ApiCaller, CostList, CostQuery } from '@swe/domain/api';
import type { ApiPorts, ApiRules } from './api-ports';
import { isShown } from './load-session';

/** A journal is read for each of them. */
const MAX_SESSIONS = 500;

/** What the newest sessions' model calls cost, by their journals: of those that the caller sees. */
export async function listCosts(
  { store, journal }: Pick<ApiPorts, 'store' | 'journal'>,
  { catalog }: Pick<ApiRules, 'catalog'>,
  caller: ApiCaller,
  { by, month }: CostQuery,
): Promise<CostList> {
  const report = createCostReport(by, pricesOf(catalog), month);
  let next: string | undefined;
  let seen = 0;
  do {
    const page = await store.list({ limit: 100, ...(next !== undefined && { after: next }) });
    for (const session of page.items.filter((each) => isShown(each, caller))) {
      for await (const entry of journal.read(session.id, 1)) report.add(session, entry);
    }
    seen += page.items.length;
    next = page.next;
  } while (next !== undefined && seen < MAX_SESSIONS);
  const items = report.rows().map(({ nanoUsd, ...row }) => ({ ...row, usd: toUsd(nanoUsd) }));
  return { items, isPartial: next !== undefined };
}
