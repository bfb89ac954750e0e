import { Fault, jsonText } from '@swe/domain';
import type { Logger } from '@swe/domain';
import { z } from 'zod';
import { answerWith, headersToHost, passOn } from './exchange';
import type { Exchange } from './exchange';
import { lfsObjectPath } from './git-route';
import type { GitRoute } from './git-route';
import type { LfsAction, LfsTickets } from './lfs-tickets';
import { refusalOfHost, statusOf, toTold, wordsOf } from './proxy-fault';
import type { RepositoryAccess } from './repository-access';
import { askUpstream, followUpstream } from './upstream';

export interface LfsPorts {
  readonly access: RepositoryAccess;
  readonly tickets: LfsTickets;
  readonly logger: Logger;
  /** Where the client reaches the proxy. */
  readonly proxyUrl: string;
}

export const LFS_JSON = 'application/vnd.git-lfs+json';
/** A batch of git-lfs names a hundred objects. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const METHODS = { download: 'GET', upload: 'PUT', verify: 'POST' } as const;

const batchRequest = z.looseObject({ operation: z.enum(['download', 'upload']) });
const action = z.looseObject({ href: z.string(), header: z.record(z.string(), z.string()).optional() });
const batchAnswer = z.looseObject({
  objects: z.array(
    z.looseObject({ actions: z.partialRecord(z.enum(['download', 'upload', 'verify']), action).optional() }),
  ),
});

/**
 * Answers where objects of git-lfs are: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md. The addresses that
 * a host gives are credentials, by their headers or by their signature, so the client gets others, of this proxy.
 */
export async function serveLfsBatch(
  exchange: Exchange,
  route: GitRoute & { readonly kind: 'lfs-batch' },
  ports: LfsPorts,
): Promise<void> {
  const { incoming, signal } = exchange;
  const { repository } = route;
  await tellingFaults(exchange, repository, ports.logger, async () => {
    const asked = await read(batchRequest, incoming);
    const purpose = asked.operation === 'upload' ? 'push' : 'read';
    const granted = await ports.access.to(repository, purpose, signal);
    const headers = { accept: LFS_JSON, 'content-type': LFS_JSON, ...granted.headers };
    const body = Buffer.from(JSON.stringify({ ...asked, transfers: ['basic'] }));
    const answer = await askUpstream({
      method: 'POST',
      url: ports.access.urlOf(route),
      headers: { ...headers, 'content-length': body.length },
      body,
      signal,
    });
    if (answer.statusCode !== 200) {
      answer.destroy();
      throw refusalOfHost(answer.statusCode ?? 0, granted);
    }
    const { objects } = await read(batchAnswer, answer);
    const told = objects.map((object) => ({
      ...object,
      authenticated: true,
      ...(object.actions === undefined ? {} : { actions: ticketed(object.actions, route, ports) }),
    }));
    ports.logger.info('git.lfs', { repository, operation: asked.operation, objects: told.length });
    answerWith(exchange.outgoing, 200, LFS_JSON, JSON.stringify({ transfer: 'basic', objects: told }));
  });
}

/** Fetches, stores or verifies an object at the address that its ticket stands for. */
export async function serveLfsObject(exchange: Exchange, ticket: string, ports: LfsPorts): Promise<void> {
  const { incoming, signal } = exchange;
  const found = ports.tickets.find(ticket);
  await tellingFaults(exchange, found?.repository ?? 'the object', ports.logger, async () => {
    if (found === undefined || incoming.method !== found.method) {
      throw new Fault('missing', 'this address is no longer known: ask for the objects again');
    }
    const { url, method, headers: own } = found;
    const request = {
      method,
      url,
      headers: { ...headersToHost(incoming.headers, ['content-length', 'range']), ...own },
      body: method === 'GET' ? undefined : incoming,
      signal,
    };
    const answer = method === 'GET' ? await fetchObject(request, own) : await askUpstream(request);
    const status = answer.statusCode ?? 0;
    if (status >= 300) {
      answer.destroy();
      const purpose = method === 'GET' ? 'read' : 'push';
      throw refusalOfHost(status, { repository: found.repository, purpose, isOfSession: true });
    }
    await passOn(answer, exchange, undefined, ['content-range', 'accept-ranges']);
  });
}

/** Locks are made for people: https://github.com/git-lfs/git-lfs/blob/main/docs/api/locking.md. 501 ends git-lfs's questions. */
export function refuseLfsLocks({ incoming, outgoing }: Exchange): void {
  incoming.resume();
  const message = 'files are not locked from here; git-lfs works without';
  answerWith(outgoing, 501, LFS_JSON, JSON.stringify({ message }));
}

async function fetchObject(
  request: Parameters<typeof followUpstream>[0],
  own: LfsAction['headers'],
): Promise<Awaited<ReturnType<typeof askUpstream>>> {
  const { answer } = await followUpstream(request, (to, from) => {
    if (to.protocol !== 'https:' && to.origin !== from.origin) return undefined;
    const isSameHost = to.origin === request.url.origin;
    const rest = Object.entries(request.headers).filter(([name]) => isSameHost || !(name in own));
    return Object.fromEntries(rest);
  });
  return answer;
}

function ticketed(
  actions: Readonly<Partial<Record<keyof typeof METHODS, z.infer<typeof action>>>>,
  { repository, url: batch }: GitRoute & { readonly kind: 'lfs-batch' },
  { tickets, proxyUrl }: LfsPorts,
): Record<string, object> {
  return Object.fromEntries(
    Object.entries(actions).flatMap(([kind, { href, header = {}, ...rest }]) => {
      const url = URL.parse(href);
      if (url === null || (url.protocol !== 'https:' && url.origin !== batch.origin)) return [];
      const method = METHODS[kind as keyof typeof METHODS];
      const headers = Object.fromEntries(
        Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const ticket = tickets.issue({ url, headers, method, repository });
      const { expires_in, expires_at } = rest;
      return [[kind, { href: `${proxyUrl}${lfsObjectPath(ticket)}`, expires_in, expires_at }]];
    }),
  );
}

async function tellingFaults(
  { outgoing }: Exchange,
  repository: string,
  logger: Logger,
  serve: () => Promise<void>,
): Promise<void> {
  try {
    await serve();
  } catch (error) {
    const fault = toTold(error, repository);
    logger.warn('git.failed', { repository, purpose: 'lfs', kind: fault.kind });
    answerWith(outgoing, statusOf(fault), LFS_JSON, JSON.stringify({ message: wordsOf(fault) }));
  }
}

async function read<T>(schema: z.ZodType<T>, body: AsyncIterable<Buffer>): Promise<T> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > MAX_BATCH_BYTES) throw new Fault('invalid', 'too many objects at once');
    pieces.push(piece);
  }
  const result = jsonText(schema).safeParse(Buffer.concat(pieces).toString());
  // Not with what was read: a parser quotes it.
  if (!result.success) throw new Fault('invalid', 'not what git-lfs sends');
  return result.data;
}
