import { openedWith, postsOf } from '@swe/domain';
import type { ChatEvent, SessionStore } from '@swe/domain';
import type { MemoryStore } from '@swe/testing/memory';

/** Something that keeps the ingress's promises, and what a workspace is like without it. */
export interface SlackProtection {
  readonly name: string;
  /** What is sent. */
  body?(body: string): string;
  /** What the ingress understands. */
  event?(event: ChatEvent): ChatEvent;
  /** Takes requests whoever signed them, and whenever. */
  readonly trustsAnybody?: true;
  /** Nobody is asked who is a guest or of another organisation. */
  readonly knowsNobody?: true;
  /** The `receive` that the ingress has. */
  receive?(store: Pick<SessionStore, 'receive'>, data: MemoryStore): SessionStore['receive'];
}

const identity: SlackProtection = {
  name: 'a message is accepted once by its identity',
  receive(store) {
    let deliveries = 0;
    return (message, answer) => {
      deliveries += 1;
      return store.receive({ ...message, messageKey: `${message.messageKey}#${deliveries}` }, answer);
    };
  },
};

const authorizations: SlackProtection = {
  name: 'the workspace is the one that the app is authorised in',
  body: (body) => {
    if (!body.startsWith('{')) return body;
    const callback: { authorizations: readonly object[] } = JSON.parse(body);
    const unnamed = callback.authorizations.map((each) => ({ ...each, team_id: null }));
    return JSON.stringify({ ...callback, authorizations: unnamed });
  },
};

const addressed: SlackProtection = {
  name: 'who speaks to others is not taken up on it',
  event: (event) => (event.kind === 'said' ? { ...event, isAddressed: true } : event),
};

const oneWrite: SlackProtection = {
  name: 'the answer is stored with its message',
  receive: (store, data) => async (message, answer) => {
    const receipt = await store.receive(message);
    if (!receipt.duplicate && answer !== undefined) {
      const record = data.record(receipt.sessionId);
      const { session, inbox } = record;
      const item = inbox[receipt.seq - 1];
      const answered = answer({ session, seq: receipt.seq });
      if (receipt.seq === 1) record.session = openedWith(session, answered);
      if (item && answered.outcome) inbox[receipt.seq - 1] = { ...item, outcome: answered.outcome };
      for (const post of postsOf(message, session.id, answered)) data.putOutbox(post);
    }
    return receipt;
  },
};

const signatures: SlackProtection = {
  name: 'a request is Slack’s own, and of these minutes',
  trustsAnybody: true,
};

const membership: SlackProtection = {
  name: 'guests and other organisations’ people have no work done',
  knowsNobody: true,
};

const files: SlackProtection = {
  name: 'files come with their message',
  event: (event) => (event.kind === 'said' ? { ...event, files: [] } : event),
};

export const SLACK_PROTECTIONS = {
  ...{ identity, authorizations, addressed, oneWrite },
  ...{ signatures, membership, files },
};
