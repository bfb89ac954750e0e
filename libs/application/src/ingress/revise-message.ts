import { isFault } from '@swe/domain';
import type { Answering, MessageBody, MessageEdit, MessagePlace, SessionStore } from '@swe/domain';
import { receiveMessage } from './receive-message';
import type { IngressPorts } from './receive-message';

export interface RevisingPorts extends IngressPorts {
  readonly store: Pick<SessionStore, 'receive' | 'revise' | 'findMessage' | 'load'>;
}

type Words = Extract<MessageBody, { kind: 'text' }>;

/** What a person did to a message of `origin`. Without `body` they deleted it. */
export interface Revision extends Pick<MessageEdit, 'editKey' | 'messageKey'> {
  readonly origin: string;
  readonly requester: string;
  readonly body?: Words;
  readonly receivedAtMs: number;
}

/**
 * `told`: the agent gets it as a message of its own. `ignored`: nothing comes of it, or all has come of it before.
 * `unknown`: that message was never stored.
 */
export type RevisionResult = 'revised' | 'told' | 'ignored' | 'unknown';

const QUOTED_CHARACTERS = 60;

/**
 * Changes a message as its sender did. Once the agent has read it, an edit is a message of its own that says so, and so
 * is a deletion while the agent is at it; `answer` answers that one. What was no work (a command, a refusal), what is
 * deleted, and what is of a session that has ended stays as it was. The same revision may come any number of times.
 */
export async function reviseMessage(
  ports: RevisingPorts,
  { editKey, messageKey, body, origin, requester, receivedAtMs }: Revision,
  answer?: Answering,
): Promise<RevisionResult> {
  const { store } = ports;
  const result = await store.revise({ editKey, messageKey, ...(body && { body }) });
  if (result === 'revised' || result === 'unknown') return result;
  const place = result === 'too-late' ? await store.findMessage(messageKey) : undefined;
  const words = place && wordsFor(place, body);
  if (place === undefined || words === undefined) return 'ignored';
  if ((await store.load(place.sessionId))?.status === 'ended') return 'ignored';
  try {
    const from = { origin, requester, addressed: false, receivedAtMs };
    const receipt = await receiveMessage(ports, { ...from, messageKey: editKey, body: words }, answer);
    return receipt.duplicate ? 'ignored' : 'told';
  } catch (error) {
    // The session has ended just now.
    if (isFault(error, 'denied')) return 'ignored';
    throw error;
  }
}

/** What the agent is to read, undefined when it need not know. */
function wordsFor({ item }: MessagePlace, edited: Words | undefined): Words | undefined {
  const { body, outcome } = item;
  if (body.kind === 'command') return undefined;
  if (outcome?.kind === 'cancelled' || outcome?.kind === 'refused' || outcome?.kind === 'command-result') {
    return undefined;
  }
  if (edited === undefined) return outcome === undefined ? deletionOf(body) : undefined;
  const known = new Set(body.files?.map(({ ref }) => ref));
  const files = edited.files?.filter(({ ref }) => !known.has(ref)) ?? [];
  if (edited.text === body.text && files.length === 0) return undefined;
  return {
    kind: 'text',
    text: `I edited my message: ${edited.text}`,
    ...(files.length > 0 && { files }),
  };
}

function deletionOf({ text }: Words): Words {
  const characters = [...text.trim()];
  const rest = characters.length > QUOTED_CHARACTERS ? '...' : '';
  const beginning = characters.slice(0, QUOTED_CHARACTERS).join('');
  return { kind: 'text', text: `I deleted my message: "${beginning}${rest}"` };
}
