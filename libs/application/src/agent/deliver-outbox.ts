import { claimHolds, Fault, isFault, isReadFromStore, splitBody } from '@swe/domain';
import type {
  Attachment,
  BlobStore,
  ChatPost,
  OutboxClaim,
  OutboxClaimant,
  OutboxEntry,
  OutboxItem,
} from '@swe/domain';
import { afterDeliveryFailure } from './delivery-policy';
import { longPost } from './long-post';
import type { AgentPorts } from './agent-ports';

/** After this a claim that was never settled may be taken by anybody. */
const CLAIM_MS = 60_000;
/** What a dead claimant asked of the chat may still arrive for so long: only then does the chat tell what there is. */
const IN_FLIGHT_MS = 10_000;

export type DeliveryPorts = Pick<
  AgentPorts,
  'outbox' | 'chat' | 'clock' | 'random' | 'logger' | 'observe'
> & { readonly blobs: Pick<BlobStore, 'get'> };

/**
 * Brings a session's undelivered posts to their chat, in order, and says when to try again: undefined when nothing is
 * left that another try may deliver. A post that was claimed before is looked up first, part by part: its claimant
 * may have died between posting and writing that down. While one post has to wait, so do those behind it; nothing waits
 * for a reaction.
 */
export async function deliverOutbox(
  ports: DeliveryPorts,
  sessionId: string,
  deliverer: Pick<OutboxClaimant, 'name' | 'fence'>,
): Promise<number | undefined> {
  const { outbox, clock } = ports;
  const waits: number[] = [];
  for (const item of await outbox.listUndelivered(sessionId)) {
    const nowMs = clock.nowMs();
    const claimant = { ...deliverer, lapsesAtMs: nowMs + CLAIM_MS };
    const fromMs = claimableFromMs(item, claimant, nowMs);
    const nextTryAtMs = fromMs > nowMs ? fromMs : await deliver(ports, item, claimant);
    if (nextTryAtMs === undefined) continue;
    waits.push(nextTryAtMs);
    if (item.entry.reaction === undefined) break;
  }
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** When `next` may claim the entry: now, or later. */
function claimableFromMs(
  { dueAtMs, claimant: held }: OutboxItem,
  next: OutboxClaimant,
  nowMs: number,
): number {
  if (held === undefined || claimHolds(held, next, nowMs)) return dueAtMs;
  const claimedAtMs = Math.min(held.lapsesAtMs - CLAIM_MS, nowMs);
  return held.name === next.name ? nowMs : claimedAtMs + IN_FLIGHT_MS;
}

async function deliver(
  ports: DeliveryPorts,
  { entry }: OutboxItem,
  claimant: OutboxClaimant,
): Promise<number | undefined> {
  const { outbox, clock, random, logger } = ports;
  let claim: OutboxClaim | undefined;
  try {
    claim = await outbox.claim(entry, claimant, clock.nowMs());
    await show(ports, claim);
    return undefined;
  } catch (error) {
    if (!isFault(error)) throw error;
    const decision = afterDeliveryFailure(error, claim?.attempt ?? 1, clock.nowMs(), random.fraction());
    logger.warn(decision.do === 'refuse' ? 'post.refused' : 'post.delayed', factsOf(entry, error));
    if (decision.do === 'retry') {
      const isOurs = claim === undefined || (await deferred(ports, claim, decision.atMs));
      return isOurs ? decision.atMs : clock.nowMs();
    }
    if (claim !== undefined) await outbox.settle(claim, error.message);
    return undefined;
  }
}

async function show(ports: DeliveryPorts, claim: OutboxClaim): Promise<void> {
  const { outbox, chat, observe } = ports;
  const { destination, effectKey, reaction } = claim.entry;
  if (reaction !== undefined) {
    await chat.react(destination, reaction.messageKey, reaction.reaction);
    return outbox.settle(claim);
  }
  if (isReadFromStore(destination)) {
    await outbox.settle(claim);
    return observe({ type: 'post.delivered', effectKey, body: claim.entry.body });
  }
  const shown = await shownOf(ports, claim.entry);
  const isWhole = shown.file !== undefined || claim.entry.class === 'status';
  const { body, file } = isWhole ? shown : (longPost(shown.body, chat) ?? shown);
  const { posted, receipts, refusal } = await postedParts(ports, claim, body, file);
  await outbox.settle({ ...claim, receipts }, refusal);
  if (!posted) return;
  const attached = file === undefined ? {} : { attachment: receipts.at(-1) };
  observe({ type: 'post.delivered', effectKey, body, ...attached });
}

/** False when the entry is no longer ours: a later status has taken its place, or somebody else has claimed it. */
async function deferred({ outbox }: DeliveryPorts, claim: OutboxClaim, dueAtMs: number): Promise<boolean> {
  try {
    await outbox.defer(claim, dueAtMs);
    return true;
  } catch (error) {
    if (!isFault(error, 'conflict')) throw error;
    return false;
  }
}

/** The entry as people get it. A file that can't be read any more keeps nobody from its words, and is named. */
async function shownOf(
  { blobs, logger }: DeliveryPorts,
  entry: OutboxEntry,
): Promise<{ readonly body: string; readonly file?: Attachment }> {
  const { sessionId, body, attachment } = entry;
  if (attachment === undefined) return { body };
  const { name, blobKey } = attachment;
  try {
    return { body, file: { name, bytes: await blobs.get(sessionId, blobKey) } };
  } catch (error) {
    // A chat's refusal ends a post; that its file can't be had at the moment must not.
    if (!isFault(error, 'invalid', 'missing')) {
      throw new Fault('transient', `the file ${name} cannot be read at the moment`, { cause: error });
    }
    logger.warn('attachment.lost', factsOf(entry, error));
    const why = error.kind === 'missing' ? 'gone' : 'damaged';
    return { body: `${body}\n\nThe file ${name} can't be attached: what was kept of it is ${why}.` };
  }
}

interface PostedParts {
  /** False when all of it was there. */
  readonly posted: boolean;
  readonly receipts: readonly string[];
  /** Why people read a notice in its place. */
  readonly refusal?: string;
}

/** Posts what is missing of a claimed entry. Of what the chat will never take people are told that it is not there. */
async function postedParts(
  ports: DeliveryPorts,
  claim: OutboxClaim,
  body: string,
  file: Attachment | undefined,
): Promise<PostedParts> {
  try {
    return await postParts(ports, claim, body, file);
  } catch (error) {
    const { entry, attempt } = claim;
    if (!isFault(error, 'invalid') || entry.class === 'status') throw error;
    ports.logger.warn('post.refused', factsOf(entry, error));
    const { chat } = ports;
    const { mention, onlyFor } = besideOf(entry);
    const key = `${entry.effectKey}/refused`;
    const found = attempt > 1 ? await chat.find(entry.destination, key) : undefined;
    const notice = {
      body: refusalNotice(error.message),
      ...(mention && { mention }),
      ...(onlyFor && { onlyFor }),
    };
    if (found === undefined) await chat.post(entry.destination, notice, key);
    return { posted: false, receipts: claim.receipts, refusal: error.message };
  }
}

const refusalNotice = (reason: string): string =>
  `What I have to say here can't be posted: ${reason}. The session's record has it.`;

/** Posts what is missing of a claimed entry. */
async function postParts(
  ports: DeliveryPorts,
  claim: OutboxClaim,
  body: string,
  file: Attachment | undefined,
): Promise<PostedParts> {
  const { chat, outbox } = ports;
  const { destination, effectKey } = claim.entry;
  if (claim.entry.class === 'status') {
    const receipts = await updated(ports, claim, body);
    if (receipts !== undefined) return { posted: true, receipts };
  }

  let current: OutboxClaim = claim.entry.class === 'status' ? { ...claim, receipts: [] } : claim;
  let posted = false;
  const parts = partsOf(claim.entry, splitBody(body, chat.maxBodyLength));
  for (const [index, part] of parts.entries()) {
    if (index < current.receipts.length) continue;
    const key = parts.length === 1 ? effectKey : `${effectKey}#${index + 1}`;
    const found = claim.attempt > 1 ? await chat.find(destination, key) : undefined;
    const isLast = index === parts.length - 1;
    const post = () =>
      isLast && file !== undefined
        ? chat.attach(destination, file, part, key)
        : chat.post(destination, part, key);
    const receipt = found ?? (await post());
    posted ||= found === undefined;
    current = await outbox.record(current, receipt);
  }
  return { posted, receipts: current.receipts };
}

/**
 * Edits the post that shows an earlier status, and gives its receipt; undefined when there is none any more. One that
 * changed while it was posted has no receipt of that post, whose words are out of date.
 */
async function updated(
  ports: DeliveryPorts,
  claim: OutboxClaim,
  body: string,
): Promise<readonly string[] | undefined> {
  const { chat, outbox } = ports;
  const { entry, attempt, receipts } = claim;
  const [known] = receipts;
  const shown = known ?? (attempt > 1 ? await chat.find(entry.destination, entry.effectKey) : undefined);
  if (shown === undefined) return undefined;
  if (!(await edited(ports, entry.destination, shown, { body, ...besideOf(entry) }))) return undefined;
  return known === undefined ? (await outbox.record(claim, shown)).receipts : receipts;
}

/** Notifies by the first part, and is answered at the last one. */
function partsOf(entry: OutboxEntry, bodies: readonly string[]): readonly ChatPost[] {
  return bodies.map((body, i) => {
    const { mention, choices, commands, ...beside } = besideOf(entry);
    return {
      body,
      ...beside,
      ...(mention !== undefined && i === 0 && { mention }),
      ...(choices !== undefined && i === bodies.length - 1 && { choices }),
      ...(commands !== undefined && i === bodies.length - 1 && { commands }),
    };
  });
}

function besideOf({ mention, onlyFor, choices, commands, activity }: OutboxEntry): Omit<ChatPost, 'body'> {
  return {
    ...(mention !== undefined && { mention }),
    ...(onlyFor !== undefined && { onlyFor }),
    ...(choices !== undefined && { choices }),
    ...(commands !== undefined && { commands }),
    ...(activity !== undefined && { activity }),
  };
}

/** False when somebody has removed the post. */
async function edited(
  { chat }: DeliveryPorts,
  destination: string,
  id: string,
  post: ChatPost,
): Promise<boolean> {
  try {
    await chat.edit(destination, id, post);
    return true;
  } catch (error) {
    if (isFault(error, 'missing')) return false;
    throw error;
  }
}

function factsOf({ sessionId, effectKey }: OutboxEntry, { kind, message }: Fault) {
  return { sessionId, effectKey, kind, reason: message };
}
