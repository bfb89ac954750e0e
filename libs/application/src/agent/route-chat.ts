import { Fault } from '@swe/domain';
import type { Chat, Logger } from '@swe/domain';

/** Where there is no chat to ask, whatever is posted is refused: any limit will do. */
const NO_CHAT = { maxBodyLength: 4_000, maxAttachmentBytes: 1024 * 1024 };

/**
 * One chat of several, told apart by what a destination, message or file begins with (`slack` of `slack:T/C/1.2`). It takes what the
 * narrowest of them takes. A destination that none of them has is refused as `invalid` and logged: a post that nobody
 * can deliver is settled with that reason, instead of being tried for ever.
 */
export function routeChat(chats: Readonly<Record<string, Chat>>, logger: Pick<Logger, 'error'>): Chat {
  const given = Object.values(chats);
  const all = given.length > 0 ? given : [NO_CHAT];

  function chatOf(destination: string): Chat {
    const prefix = destination.split(':', 1)[0] ?? '';
    const chat = Object.hasOwn(chats, prefix) ? chats[prefix] : undefined;
    if (chat !== undefined) return chat;
    logger.error('chat.unrouted', { destination });
    throw new Fault('invalid', `There is no way to reach ${destination} from here.`);
  }

  return {
    maxBodyLength: Math.min(...all.map(({ maxBodyLength }) => maxBodyLength)),
    maxAttachmentBytes: Math.min(...all.map(({ maxAttachmentBytes }) => maxAttachmentBytes)),
    post: async (destination, post, effectKey) => chatOf(destination).post(destination, post, effectKey),
    attach: async (destination, attachment, post, effectKey) =>
      chatOf(destination).attach(destination, attachment, post, effectKey),
    edit: async (destination, id, post) => chatOf(destination).edit(destination, id, post),
    find: async (destination, effectKey) => chatOf(destination).find(destination, effectKey),
    // A session may speak to several chats; a mark goes where the message is.
    react: async (destination, messageKey, reaction) =>
      chatOf(messageKey).react(destination, messageKey, reaction),
    fetch: async (file) => chatOf(file).fetch(file),
  };
}
