import { createRedactor, Fault } from '@swe/domain';
import type {
  InboxItem,
  Journal,
  JournalEntry,
  Outbox,
  PriceOf,
  Redacted,
  Redactor,
  Session,
  SessionStore,
} from '@swe/domain';
import { readCassette, recordedPost, writeCassette } from './cassette';
import type { Cassette, RecordedPost } from './cassette';
import { driftBetween, driftWords, textOfValue } from './drift';
import type { Drift } from './drift';
import { replayCassette } from './replay-cassette';
import { withoutMachine } from './without-machine';

export interface ExportPorts {
  readonly store: Pick<SessionStore, 'readInbox'>;
  readonly journal: Pick<Journal, 'read'>;
  readonly outbox: Pick<Outbox, 'find'>;
}

export interface ExportOptions extends Pick<Cassette['setup'], 'workspaceRoot' | 'linksPullRequests'> {
  /** What a session may spend where its requester set nothing. */
  readonly capNanoUsd: number;
  readonly priceOf: PriceOf;
  /** Credentials that are known here, beside those that are told by their form. */
  readonly secrets: Iterable<string>;
  /** Resolves when all that was started waits for something. */
  settle(): Promise<void>;
}

export interface Exported {
  readonly cassette: Cassette;
  readonly redacted: Redacted;
}

/**
 * A cassette of a session, with nothing in it that is nobody else's business. It is replayed before it is given, which
 * records what the session asks of models and posts: throws `invalid` that names the first drift when the session, as it
 * is stored, is not what it would do now.
 */
export async function exportSession(
  ports: ExportPorts,
  session: Session,
  options: ExportOptions,
): Promise<Exported> {
  const raw = await read(ports, session, options);
  const redactor = createRedactor(raw, options);
  const redacted = readCassette(writeCassette(redactor.redact(raw)));
  const { drift, recorded } = await replayCassette(redacted, options.settle, 'journal');
  const found = drift ?? (await postedOtherwise(ports.outbox, session.id, recorded, redactor));
  if (found === undefined) return { cassette: recorded, redacted: redactor.redacted };
  const why = 'It was recorded by another version, or had help that a replay has not.';
  throw new Fault('invalid', `Session ${session.id} cannot be replayed. ${why}\n${driftWords(found)}`);
}

async function read(
  { store, journal: journals, outbox }: ExportPorts,
  session: Session,
  { workspaceRoot, linksPullRequests, capNanoUsd, priceOf }: ExportOptions,
): Promise<Cassette> {
  const { id } = session;
  const journal = withoutMachine(await Array.fromAsync(journals.read(id, 1)));
  const inbox = (await store.readInbox(id, 0)).map(asItArrived);
  const toolPosts: Record<string, RecordedPost> = {};
  for (const callId of callsOf(journal)) {
    const post = await outbox.find({ sessionId: id, effectKey: `${id}/${callId}` });
    if (post !== undefined) toolPosts[callId] = recordedPost.parse(post);
  }
  const setup = { workspaceRoot, linksPullRequests, capNanoUsd, models: modelsOf(journal, priceOf) };
  const expected = { requests: [], posts: [], texts: {} };
  return { cassette: 1, session, setup, inbox, journal, toolPosts, expected };
}

/** What an ingress had said to it stays; what the session made of it is to be made again. */
function asItArrived(item: InboxItem): InboxItem {
  const { outcome, ...arrived } = item;
  const kind = outcome?.kind;
  const isSaid = kind === 'refused' || kind === 'cancelled' || kind === 'command-result';
  return isSaid && item.body.kind === 'text' ? item : arrived;
}

function callsOf(journal: readonly JournalEntry[]): readonly string[] {
  return journal.flatMap((entry) => (entry.kind === 'tool-finished' ? [entry.callId] : []));
}

function modelsOf(journal: readonly JournalEntry[], priceOf: PriceOf): Cassette['setup']['models'] {
  const models: Cassette['setup']['models'] = {};
  for (const entry of journal) {
    if (entry.kind !== 'model-call-started') continue;
    const price = priceOf(entry.model);
    if (price !== undefined) models[entry.model] = price;
  }
  return models;
}

/** Only the last of a status is stored. */
async function postedOtherwise(
  outbox: ExportPorts['outbox'],
  sessionId: string,
  { expected }: Cassette,
  redactor: Redactor,
): Promise<Drift | undefined> {
  for (const [n, post] of expected.posts.entries()) {
    if (post.class === 'status') continue;
    const stored = await outbox.find({ sessionId, effectKey: post.effectKey });
    const was = stored && recordedPost.parse(redactor.redact(stored));
    if (textOfValue(was ?? {}) !== textOfValue(post)) {
      return driftBetween(`post ${n + 1} (${post.effectKey})`, was ?? 'that nothing was posted', post);
    }
  }
  return undefined;
}
