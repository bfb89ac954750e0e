import type { MessageFile } from './incoming-message';

/** Where and by whom something happened in a chat, verified. */
interface ChatMoment {
  /** The message's identity: `slack:<team>/<channel>/<ts>`. */
  readonly messageKey: string;
  /** The thread: `slack:<team>/<channel>/<thread ts>`. A message that is in none begins one. */
  readonly origin: string;
  readonly requester: string;
  /** Where approvals count: `slack:<team>`. */
  readonly workspace: string;
  readonly receivedAtMs: number;
}

/** Something was said. `text` is in the chat's own markup, without the mention of the agent. */
export interface SaidInChat extends ChatMoment {
  readonly kind: 'said';
  readonly text: string;
  readonly files: readonly MessageFile[];
  /** Meant for the agent: by a mention, a direct message, or in its pane. */
  readonly isAddressed: boolean;
  /** By a program, ours or another. */
  readonly isBot: boolean;
  /** By somebody of whom the chat does not say that they belong here: what they may is found out elsewhere. */
  readonly isStranger?: true;
  /** URL of the issue or pull request that it was said about, where that is the thread's subject. */
  readonly subject?: string;
}

/** The words of a message were changed; the moment's requester is who wrote it. */
export interface EditedInChat extends ChatMoment {
  readonly kind: 'edited';
  /** The edit's own identity. */
  readonly editKey: string;
  readonly text: string;
  readonly files: readonly MessageFile[];
  /** It mentions the agent now, whether or not it did before. */
  readonly isAddressed: boolean;
  /** By a program, ours or another. */
  readonly isBot: boolean;
  /** As for `SaidInChat`. */
  readonly isStranger?: true;
  readonly subject?: string;
}

export interface DeletedInChat extends ChatMoment {
  readonly kind: 'deleted';
  readonly editKey: string;
}

/** One of a post's choices or commands was clicked: words of whoever clicked. `messageKey` is the click's own identity. */
export interface ClickedInChat extends ChatMoment {
  readonly kind: 'clicked';
  readonly text: string;
  /** The agent itself offered it as a command of its own, and no model wrote it. */
  readonly isCommand?: true;
}

/** A command of the chat itself, such as Slack's `/name words`. It is in no thread: `origin` is the channel. */
export interface CommandInChat extends ChatMoment {
  readonly kind: 'command';
  readonly text: string;
}

/**
 * Somebody opened where they talk to the agent alone, and has said nothing yet. `messageKey` is the same each time they
 * do; `origin` is the place, which is a conversation or a thread of it.
 */
export interface OpenedInChat extends ChatMoment {
  readonly kind: 'opened';
}

/** What happened in a chat, translated from the vendor's event and judged by nobody yet. */
export type ChatEvent =
  SaidInChat | EditedInChat | DeletedInChat | ClickedInChat | CommandInChat | OpenedInChat;
