import type { Logger } from '@swe/domain';
import { answerWith, headersToHost, passOn } from './exchange';
import type { Exchange } from './exchange';
import type { GitRoute } from './git-route';
import { flushPkt, pktLine } from './pkt-line';
import { refusalOfHost, statusOf, toTold, wordsOf } from './proxy-fault';
import type { RepositoryAccess } from './repository-access';
import { askUpstream, followUpstream } from './upstream';

export interface FetchPorts {
  readonly access: RepositoryAccess;
  readonly logger: Logger;
}

/** Answers which refs a repository has: the beginning of every fetch and every push. */
export async function serveRefs(
  exchange: Exchange,
  route: GitRoute & { readonly kind: 'refs' },
  { access, logger }: FetchPorts,
): Promise<void> {
  const { incoming, outgoing, signal } = exchange;
  const { repository, service } = route;
  const purpose = service === 'git-receive-pack' ? 'push' : 'read';
  try {
    const granted = await access.to(repository, purpose, signal);
    const headers = { ...headersToHost(incoming.headers), ...granted.headers };
    const { answer } = await followUpstream(
      { method: 'GET', url: access.urlOf(route), headers, signal },
      (to) => (access.follow(route, to) ? headers : undefined),
    );
    if (answer.statusCode !== 200) {
      answer.destroy();
      throw refusalOfHost(answer.statusCode ?? 0, granted);
    }
    await passOn(answer, exchange);
    if (purpose === 'read') logger.info('git.read', { repository, isOfSession: granted.isOfSession });
  } catch (error) {
    const fault = toTold(error, repository);
    logger.warn('git.failed', { repository, purpose, kind: fault.kind });
    // Git shows plain text, each line behind `remote:`.
    answerWith(outgoing, statusOf(fault), 'text/plain; charset=utf-8', `${wordsOf(fault)}\n`);
  }
}

/** Answers what a fetch asks for, once it has seen the refs. */
export async function serveFetch(
  exchange: Exchange,
  route: GitRoute & { readonly kind: 'fetch' },
  { access, logger }: FetchPorts,
): Promise<void> {
  const { incoming, outgoing, signal } = exchange;
  const { repository } = route;
  try {
    const granted = await access.to(repository, 'read', signal);
    const answer = await askUpstream({
      method: 'POST',
      url: access.urlOf(route),
      headers: {
        ...headersToHost(incoming.headers, ['content-encoding', 'content-length']),
        ...granted.headers,
      },
      body: incoming,
      signal,
    });
    if (answer.statusCode !== 200) {
      answer.destroy();
      throw refusalOfHost(answer.statusCode ?? 0, granted);
    }
    await passOn(answer, exchange);
  } catch (error) {
    const fault = toTold(error, repository);
    logger.warn('git.failed', { repository, purpose: 'read', kind: fault.kind });
    // Git shows nothing of an answer that is no 200, but this: https://git-scm.com/docs/gitprotocol-pack#_pkt_line_format
    const told = Buffer.concat([pktLine(`ERR ${wordsOf(fault)}\n`), flushPkt()]);
    answerWith(outgoing, 200, 'application/x-git-upload-pack-result', told);
  }
}
