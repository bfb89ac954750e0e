import { isFault } from '@swe/domain';
import type { OutboxEntry } from '@swe/domain';
import type { AgentPorts } from './session-run';

/** After this a claim that was never settled may be taken by a successor. */
const CLAIM_MS = 60_000;

/**
 * Brings a session's undelivered posts to their chat, in order, and says whether none is left that another try may
 * deliver. A post that was claimed before is looked up first: its claimant may have died between posting and
 * settling. A chat that fails leaves the rest for the next time; a post it will never take holds up no other.
 */
export async function deliverOutbox(
  ports: Pick<AgentPorts, 'outbox' | 'chat' | 'blobs' | 'clock' | 'logger' | 'observe'>,
  sessionId: string,
  claimant: string,
): Promise<boolean> {
  const { outbox, chat, clock, logger, observe } = ports;
  for (const { effectKey } of await outbox.listUndelivered(sessionId)) {
    try {
      const nowMs = clock.nowMs();
      const claim = await outbox.claim(effectKey, claimant, nowMs, nowMs + CLAIM_MS);
      const { destination, body, attachment } = claim.entry;
      const found = claim.attempt > 1 ? await chat.find(destination, effectKey) : undefined;
      const receipt = found ?? (await post(ports, claim.entry));
      await outbox.settle(claim, receipt);
      const file = attachment === undefined ? {} : { attachment: receipt };
      if (found === undefined) observe({ type: 'post.delivered', effectKey, body, ...file });
    } catch (error) {
      if (!isFault(error)) throw error;
      const isFinal = error.kind === 'invalid' || error.kind === 'denied' || error.kind === 'missing';
      logger.warn(isFinal ? 'post.refused' : 'post.delayed', {
        sessionId,
        effectKey,
        kind: error.kind,
        reason: error.message,
      });
      if (!isFinal) return false;
    }
  }
  return true;
}

async function post(
  { chat, blobs }: Pick<AgentPorts, 'chat' | 'blobs'>,
  { sessionId, destination, body, attachment, effectKey }: OutboxEntry,
): Promise<string> {
  if (attachment === undefined) return chat.post(destination, body, effectKey);
  const bytes = await blobs.get(sessionId, attachment.blobKey);
  return chat.attach(destination, { name: attachment.name, bytes }, body, effectKey);
}
