import { capOf, sessionScope, toUsd } from '@swe/domain';
import type { Session } from '@swe/domain';
import type {
  ApiCaller,
  OutcomeResource,
  SessionPage,
  SessionQuery,
  SessionResource,
  SessionSummary,
} from '@swe/domain/api';
import { STANDING } from '../session-words';
import type { ApiPorts, ApiRules } from './api-ports';
import { isShown } from './load-session';
import { outcomeResourceOf } from './message-resource';

/** However few match, a call looks at no more of the store's pages than this. */
const MAX_PAGES = 10;

/** A page of sessions. Of a filter's page no session is lost: what is left of a store's page is asked for anew. */
export async function listSessions(
  ports: Pick<ApiPorts, 'store' | 'outbox' | 'ledger'>,
  rules: Pick<ApiRules, 'capNanoUsd'>,
  caller: ApiCaller,
  { status, limit, after, detail }: SessionQuery,
): Promise<SessionPage> {
  const items: SessionSummary[] = [];
  let next = after;
  for (let pages = 0; pages < MAX_PAGES && items.length < limit; pages += 1) {
    const request = { limit: limit - items.length, ...(next !== undefined && { after: next }) };
    const page = await ports.store.list(request);
    const wanted = page.items.filter(
      (each) => isShown(each, caller) && (status ?? each.status) === each.status,
    );
    const shown = wanted.map((each) =>
      detail === 'full' ? sessionResourceOf(ports, rules, each) : sessionSummaryOf(each),
    );
    items.push(...(await Promise.all(shown)));
    next = page.next;
    if (next === undefined) break;
  }
  return { items, ...(next !== undefined && { next }) };
}

function sessionSummaryOf(session: Session): SessionSummary {
  const { id, status, lastTurn, title, requester, parent, isPrivate, repositories, pullRequests } = session;
  return {
    id,
    status,
    ...(lastTurn !== undefined && { lastTurn }),
    title,
    requester,
    ...(parent !== undefined && { parent }),
    ...(isPrivate && { isPrivate }),
    repositories,
    pullRequests: pullRequests.map(({ url, repository, number }) => ({ url, repository, number })),
    createdAt: new Date(session.createdAtMs).toISOString(),
    updatedAt: new Date(session.updatedAtMs).toISOString(),
  };
}

export async function sessionResourceOf(
  ports: Pick<ApiPorts, 'store' | 'outbox' | 'ledger'>,
  { capNanoUsd }: Pick<ApiRules, 'capNanoUsd'>,
  session: Session,
): Promise<SessionResource> {
  const { spentNanoUsd, estimatedNanoUsd } = await ports.ledger.report(sessionScope(session.id));
  return {
    ...sessionSummaryOf(session),
    ...(session.model !== undefined && { model: session.model }),
    cost: {
      spentUsd: toUsd(spentNanoUsd),
      estimatedUsd: toUsd(estimatedNanoUsd),
      budgetUsd: toUsd(capOf(session, capNanoUsd)),
      usage: session.totals.usage,
    },
    lastLine: await lastLineOf(ports, session),
  };
}

/** What came of its last message, else how it stands. */
async function lastLineOf(
  { store, outbox }: Pick<ApiPorts, 'store' | 'outbox'>,
  { id, cursor, status, failure }: Session,
): Promise<string> {
  if (failure !== undefined) return lineOf(failure);
  const last = (await store.readInbox(id, Math.max(0, cursor - 1))).at(-1);
  const said = last?.outcome && wordsOf(await outcomeResourceOf({ outbox }, id, last.outcome));
  return lineOf(said ?? `The session ${STANDING[status]}.`);
}

function wordsOf(outcome: OutcomeResource): string | undefined {
  switch (outcome.kind) {
    case 'answered':
    case 'command-result':
      return outcome.text;
    case 'refused':
      return outcome.reason;
    case 'failed':
      return outcome.cause;
    default:
      return undefined;
  }
}

const MAX_LINE = 200;

function lineOf(words: string): string {
  const line = words.trim().split('\n', 1)[0] ?? '';
  const characters = [...line];
  return characters.length <= MAX_LINE ? line : `${characters.slice(0, MAX_LINE).join('')}...`;
}
