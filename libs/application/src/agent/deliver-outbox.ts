import { claimHolds, isFault, splitBody } from '@swe/domain';
import type { BlobStore, Fault, OutboxClaim, OutboxClaimant, OutboxItem } from '@swe/domain';
import { afterDeliveryFailure } from './delivery-policy';
import type { AgentPorts } from './session-run';

/** After this a claim that was never settled may be taken by anybody. */
const CLAIM_MS = 60_000;

export type DeliveryPorts = Pick<
  AgentPorts,
  'outbox' | 'chat' | 'clock' | 'random' | 'logger' | 'observe'
> & { readonly blobs: Pick<BlobStore, 'get'> };

/**
 * Brings a session's undelivered posts to their chat, in order, and says when to try again: undefined when nothing is
 * left that another try may deliver. A post that was claimed before is looked up first, part by part: its claimant
 * may have died between posting and writing that down. While one post has to wait, so do those behind it.
 */
export async function deliverOutbox(
  ports: DeliveryPorts,
  sessionId: string,
  deliverer: Pick<OutboxClaimant, 'name' | 'fence'>,
): Promise<number | undefined> {
  const { outbox, clock } = ports;
  for (const item of await outbox.listUndelivered(sessionId)) {
    const nowMs = clock.nowMs();
    const claimant = { ...deliverer, lapsesAtMs: nowMs + CLAIM_MS };
    if (mustWait(item, claimant, nowMs)) return item.dueAtMs;
    const nextTryAtMs = await deliver(ports, item, claimant);
    if (nextTryAtMs !== undefined) return nextTryAtMs;
  }
  return undefined;
}

function mustWait({ dueAtMs, claimant: held }: OutboxItem, next: OutboxClaimant, nowMs: number): boolean {
  return dueAtMs > nowMs && (held === undefined || claimHolds(held, next, nowMs));
}

async function deliver(
  ports: DeliveryPorts,
  { entry }: OutboxItem,
  claimant: OutboxClaimant,
): Promise<number | undefined> {
  const { outbox, clock, random, logger, observe } = ports;
  let claim: OutboxClaim | undefined;
  try {
    claim = await outbox.claim(entry, claimant, clock.nowMs());
    const { posted, receipts } = await postParts(ports, claim);
    await outbox.settle({ ...claim, receipts });
    if (posted) {
      const { effectKey, body, attachment } = claim.entry;
      const file = attachment === undefined ? {} : { attachment: receipts.at(-1) };
      observe({ type: 'post.delivered', effectKey, body, ...file });
    }
    return undefined;
  } catch (error) {
    if (!isFault(error)) throw error;
    const decision = afterDeliveryFailure(error, claim?.attempt ?? 1, clock.nowMs(), random.fraction());
    logger.warn(decision.do === 'refuse' ? 'post.refused' : 'post.delayed', factsOf(entry, error));
    if (decision.do === 'retry') {
      if (claim !== undefined) await outbox.defer(claim, decision.atMs);
      return decision.atMs;
    }
    if (claim !== undefined) await outbox.settle(claim, error.message);
    return undefined;
  }
}

/** Posts what is missing of a claimed entry. `posted` is false when all of it was there. */
async function postParts(
  ports: DeliveryPorts,
  claim: OutboxClaim,
): Promise<{ readonly posted: boolean; readonly receipts: readonly string[] }> {
  const { chat, outbox } = ports;
  const { destination, effectKey, body } = claim.entry;
  const [shown] = claim.receipts;
  if (claim.entry.class === 'status' && shown !== undefined) {
    const isThere = await edited(ports, destination, shown, body);
    if (isThere) return { posted: true, receipts: claim.receipts };
  }

  let current: OutboxClaim = claim.entry.class === 'status' ? { ...claim, receipts: [] } : claim;
  let posted = false;
  const parts = splitBody(body, chat.maxBodyLength);
  for (const [index, part] of parts.entries()) {
    if (index < current.receipts.length) continue;
    const key = parts.length === 1 ? effectKey : `${effectKey}#${index + 1}`;
    const found = claim.attempt > 1 ? await chat.find(destination, key) : undefined;
    const isLast = index === parts.length - 1;
    const receipt = found ?? (await post(ports, claim, part, key, isLast));
    posted ||= found === undefined;
    current = await outbox.record(current, receipt);
  }
  return { posted, receipts: current.receipts };
}

/** The attachment goes with the last part. */
async function post(
  { chat, blobs }: DeliveryPorts,
  { entry: { sessionId, destination, attachment } }: OutboxClaim,
  body: string,
  key: string,
  isLast: boolean,
): Promise<string> {
  if (attachment === undefined || !isLast) return chat.post(destination, body, key);
  const bytes = await blobs.get(sessionId, attachment.blobKey);
  return chat.attach(destination, { name: attachment.name, bytes }, body, key);
}

/** False when somebody has removed the post. */
async function edited(
  { chat }: DeliveryPorts,
  destination: string,
  id: string,
  body: string,
): Promise<boolean> {
  try {
    await chat.edit(destination, id, body);
    return true;
  } catch (error) {
    if (isFault(error, 'missing')) return false;
    throw error;
  }
}

function factsOf({ sessionId, effectKey }: OutboxItem['entry'], { kind, message }: Fault) {
  return { sessionId, effectKey, kind, reason: message };
}
