import type { IncomingMessage, MessageBody, MessageFile, Session } from '@swe/domain';
import type { Standing } from './who-may-policy';

/** Words that somebody said to the agent, and what is stored of where they were said. */
export interface Said {
  readonly messageKey: string;
  /** Where they were said, and where what they lead to is posted. */
  readonly thread: string;
  readonly requester: string;
  readonly workspace: string;
  readonly text: string;
  readonly files: readonly MessageFile[];
  readonly receivedAtMs: number;
  /** URL of what the thread is about, where it is about a page. */
  readonly subject?: string;
  /** A program said it that may. */
  readonly isBot: boolean;
  /** The thread's session, unless it has none or it has ended. */
  readonly session: Session | undefined;
  readonly standing: Standing;
  /** What is answered only whoever said it gets to see. */
  readonly isPrivate: boolean;
}

/** What they are as a message of `origin`. */
export function messageOf(
  { messageKey, requester, receivedAtMs, isBot }: Said,
  origin: string,
  body: MessageBody,
  addressed: boolean,
): IncomingMessage {
  const caused = isBot ? { cause: 'program' as const } : {};
  return { messageKey, origin, requester, addressed, body, ...caused, receivedAtMs };
}
