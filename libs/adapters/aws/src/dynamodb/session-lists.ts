import { Fault } from '@swe/domain';
import type { Page, PageRequest, Session } from '@swe/domain';
import { z } from 'zod';
import type { DynamoTable } from './dynamo-table';
import { toSession } from './from-item';
import { sessionIdOfPk, sessionKey } from './item-key';
import { parseItem } from './stored-item';
import { AGE_INDEX, DUE_INDEX } from './table';

const aged = z.object({ age: z.string() });

/**
 * Sessions, newest first. Each shard of the index gives its newest, and the newest of all are the page. `after` is the
 * place of the last session in that order. A session made a moment ago may be missing: the index follows the table.
 */
export async function listSessions(
  table: DynamoTable,
  { limit, after }: PageRequest,
): Promise<Page<Session>> {
  const newest = await Promise.all(shardsOf(table).map((shard) => newestOf(table, shard, limit + 1, after)));
  const places = newest.flat().sort((a, b) => (a.age < b.age ? 1 : -1));
  const page = places.slice(0, limit);
  const items = await table.getAll(page.map(({ sessionId }) => sessionKey(sessionId)));
  const sessions = items.flatMap((item) => (item === undefined ? [] : [toSession(item)]));
  const last = page.at(-1);
  return last === undefined || places.length <= limit
    ? { items: sessions }
    : { items: sessions, next: last.age };
}

/**
 * Ids of sessions that are due, each once: shard by shard, sorted within it. Whatever is due stays in the index until
 * somebody has looked after it, so one that the index does not show yet is found by the next look, and one that it
 * shows too long is looked at in vain: whoever looks reads the session itself.
 */
export async function listDueSessions(
  table: DynamoTable,
  nowMs: number,
  { limit, after }: PageRequest,
): Promise<Page<string>> {
  const start = after === undefined ? { shard: 0, sessionId: '' } : fromToken(after);
  const found: { readonly shard: number; readonly sessionId: string }[] = [];
  for (let shard = start.shard; shard < table.shards && found.length <= limit; shard += 1) {
    const from = shard === start.shard ? start.sessionId : '';
    const ids = [...(await dueOf(table, shard, nowMs))].filter((id) => id > from).sort();
    found.push(...ids.map((sessionId) => ({ shard, sessionId })));
  }
  const page = found.slice(0, limit);
  const items = page.map(({ sessionId }) => sessionId);
  const last = page.at(-1);
  return last === undefined || found.length <= limit
    ? { items }
    : { items, next: `${last.shard}/${last.sessionId}` };
}

async function newestOf(table: DynamoTable, shard: number, limit: number, after: string | undefined) {
  const before = after === undefined ? '' : ' AND age < :after';
  const values = { ':shard': shard, ...(after !== undefined && { ':after': after }) };
  const found: { readonly sessionId: string; readonly age: string }[] = [];
  const condition = `ageShard = :shard${before}`;
  for await (const item of table.queryIndex(AGE_INDEX, condition, values, 'down', limit)) {
    found.push({ sessionId: sessionIdOfPk(item.pk), age: parseItem(aged, item, item).age });
  }
  return found;
}

async function dueOf(table: DynamoTable, shard: number, nowMs: number): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const values = { ':shard': shard, ':now': nowMs };
  for await (const { pk } of table.queryIndex(DUE_INDEX, 'dueShard = :shard AND dueAtMs <= :now', values)) {
    ids.add(sessionIdOfPk(pk));
  }
  return ids;
}

function shardsOf({ shards }: DynamoTable): readonly number[] {
  return Array.from({ length: shards }, (_, shard) => shard);
}

function fromToken(token: string): { readonly shard: number; readonly sessionId: string } {
  const [shard, sessionId] = token.split('/', 2);
  if (sessionId === undefined || !/^\d+$/.test(shard ?? '')) {
    throw new Fault('invalid', `${JSON.stringify(token)} is no place in the list of what is due`);
  }
  return { shard: Number(shard), sessionId };
}
