import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Fault, isRefused, judgeRefs, judgeWorkflows } from '@swe/domain';
import type { CredentialPurpose, Logger, PushCommand, RefDecision, WorkflowFinding } from '@swe/domain';
import { ByteReader } from './byte-reader';
import { answerWith, headersToHost, passOn } from './exchange';
import type { Exchange } from './exchange';
import { findWorkflowChange } from './find-workflow-change';
import type { BaseBranches } from './find-workflow-change';
import type { GitRoute } from './git-route';
import type { JudgeChange } from './judge-change';
import type { GitObjects } from './proven-objects';
import { BAND, flushPkt, onBand } from './pkt-line';
import { refusalOfHost, toTold, wordsOf } from './proxy-fault';
import { PushReport, refusalReport } from './push-report';
import { MAX_COMMAND_BYTES, readPushRequest } from './read-push-request';
import type { PushRequest } from './read-push-request';
import type { RepositoryAccess } from './repository-access';
import { askUpstream } from './upstream';

export interface WorkflowRules {
  /** Whether somebody who may has given leave to change workflow files. */
  mayChangeWorkflows(repository: string): boolean | Promise<boolean>;
  /** What is about to be pushed. */
  readonly objects: GitObjects;
  readonly branches: BaseBranches;
}

export interface PushPorts {
  readonly sessionId: string;
  readonly access: RepositoryAccess;
  readonly workflows: WorkflowRules;
  readonly judgeChange: JudgeChange;
  readonly logger: Logger;
}

const RESULT = 'application/x-git-receive-pack-result';
/** Git reads no answer before it has sent all of its pack. */
const DRAIN_MS = 5 * 60_000;

/** Hands a push on when all of its refs may be pushed; none of them goes when one may not. */
export async function servePush(
  exchange: Exchange,
  route: GitRoute & { readonly kind: 'push' },
  ports: PushPorts,
): Promise<void> {
  const { incoming, outgoing, signal } = exchange;
  const { repository } = route;
  const logger = ports.logger.with({ repository });
  const reader = new ByteReader(decoded(incoming), MAX_COMMAND_BYTES);
  let request: PushRequest | undefined;
  try {
    request = await readPushRequest(reader);
    if (request.commands.length === 0) {
      // A probe of whether the push would be let in. That shows with the refs themselves, each with its reason.
      await drain(reader, incoming);
      return answerWith(outgoing, 200, RESULT, '');
    }
    await ports.access.mayPush(repository);
    const mayChangeWorkflows = await ports.workflows.mayChangeWorkflows(repository);
    const decisions = await judge(repository, request, mayChangeWorkflows, ports, signal);
    if (!isRefused(decisions)) {
      const purpose = mayChangeWorkflows ? 'push-workflows' : 'push';
      return await handOn(exchange, route, { request, reader, logger, purpose }, ports.access);
    }
    logger.warn('git.refused', { by: 'policy', refs: decisions });
    await refuse(exchange, reader, request, decisions);
  } catch (error) {
    const fault = toTold(error, repository);
    const refs = request?.commands.map(({ ref }) => ref);
    logger.warn('git.failed', { purpose: 'push', kind: fault.kind, refs });
    if (outgoing.headersSent || signal.aborted) outgoing.destroy();
    else await refuse(exchange, reader, request, fault);
  }
}

async function judge(
  repository: string,
  { commands, options }: PushRequest,
  mayChangeWorkflows: boolean,
  { sessionId, workflows, judgeChange }: PushPorts,
  signal: AbortSignal,
): Promise<readonly RefDecision[]> {
  if (options.length > 0) {
    // Some hosts change a repository's settings by them: https://forgejo.org/docs/v1.19/user/push-options/
    throw new Fault('denied', 'push options are not handed on: push without --push-option');
  }
  const byName = judgeRefs(commands, sessionId);
  if (isRefused(byName)) return byName;
  if (!mayChangeWorkflows) {
    const byWorkflows = judgeWorkflows(commands, await findingsFor(repository, commands, workflows, signal));
    if (isRefused(byWorkflows)) return byWorkflows;
  }
  return judgeChange(repository, commands, signal);
}

async function findingsFor(
  repository: string,
  commands: readonly PushCommand[],
  { objects, branches }: WorkflowRules,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WorkflowFinding>> {
  const findings = new Map<string, WorkflowFinding>();
  for (const { newId } of commands) {
    if (findings.has(newId)) continue;
    findings.set(newId, await findWorkflowChange(repository, newId, objects, branches, signal));
  }
  return findings;
}

interface JudgedPush {
  readonly request: PushRequest;
  readonly reader: ByteReader;
  readonly logger: Logger;
  readonly purpose: CredentialPurpose;
}

async function handOn(
  exchange: Exchange,
  route: GitRoute & { readonly kind: 'push' },
  push: JudgedPush,
  access: RepositoryAccess,
): Promise<void> {
  const { incoming, signal } = exchange;
  const { request, reader, logger, purpose } = push;
  const granted = await access.to(route.repository, purpose, signal);
  const ask = async (body: Readable | Buffer, more: OutgoingHttpHeaders): Promise<IncomingMessage> => {
    const headers = { ...headersToHost(incoming.headers), ...granted.headers, ...more };
    const answer = await askUpstream({ method: 'POST', url: access.urlOf(route), headers, body, signal });
    if (answer.statusCode === 200) return answer;
    answer.destroy();
    throw refusalOfHost(answer.statusCode ?? 0, granted);
  };
  const length = incoming.headers['content-length'];
  // A host that refuses a large body closes the connection while it is sent, and its reason is lost on the way. Git asks
  // with a lone flush before it sends such a body, and so does who stands in for it.
  if (length === undefined) (await ask(flushPkt(), { 'content-length': flushPkt().length })).resume();
  // Decoded, it has another length.
  const isPlain = length !== undefined && incoming.headers['content-encoding'] === undefined;
  const answer = await ask(Readable.from(wholeOf(reader)), isPlain ? { 'content-length': length } : {});
  const report = new PushReport(request.capabilities);
  await passOn(answer, exchange, (piece) => report.take(piece));
  if (report.moved.length > 0) logger.info('git.pushed', { refs: report.moved });
  if (report.refused.length > 0) logger.warn('git.refused', { by: 'host', refs: report.refused });
}

/** The very bytes that were judged, and the pack behind them. */
async function* wholeOf(reader: ByteReader): AsyncGenerator<Buffer> {
  yield reader.taken;
  yield* reader.rest();
}

/** Says of each ref why it is not pushed; where the refs are not known, of the request. */
async function refuse(
  { incoming, outgoing }: Exchange,
  reader: ByteReader,
  request: PushRequest | undefined,
  why: readonly RefDecision[] | Fault,
): Promise<void> {
  await drain(reader, incoming);
  const capabilities = request?.capabilities ?? new Set();
  const tellsRefs = capabilities.has('report-status') || capabilities.has('report-status-v2');
  if (request === undefined || !tellsRefs) {
    // Git prints the last words of a server that gives up, and fails.
    const words = why instanceof Fault ? wordsOf(why) : 'refused';
    const told = Buffer.concat([onBand(BAND.fatal, Buffer.from(`${words}\n`)), flushPkt()]);
    return answerWith(outgoing, 200, RESULT, told);
  }
  const decisions =
    why instanceof Fault ? request.commands.map(({ ref }) => ({ ref, refusal: wordsOf(why) })) : why;
  answerWith(outgoing, 200, RESULT, refusalReport(decisions, request.capabilities));
}

async function drain(reader: ByteReader, incoming: IncomingMessage): Promise<void> {
  const timer = setTimeout(() => incoming.destroy(), DRAIN_MS);
  try {
    await reader.drain();
  } catch {
    // Who stopped sending does not wait for an answer either.
  } finally {
    clearTimeout(timer);
  }
}

/** A push's body as it was before the client compressed it: https://git-scm.com/docs/gitprotocol-http */
function decoded(incoming: IncomingMessage): Readable {
  const encoding = incoming.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return incoming;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    incoming.resume();
    return new Readable({ read: () => undefined }).destroy(
      new Fault('invalid', `the encoding ${encoding} is not read`),
    );
  }
  const plain = createGunzip();
  incoming.on('error', (error) => plain.destroy(error));
  return incoming.pipe(plain);
}
