import type { ChatSubject } from '../contracts';
import { MemoryChat } from './memory-chat';

/** A memory chat with what its contract wants beside it. */
export function openMemoryChat(chat = new MemoryChat()): ChatSubject {
  return {
    chat,
    elsewhere: new MemoryChat(chat.posts, chat.reactions, chat.sent),
    destinations: ['terminal:1', 'terminal:2'],
    seen: async (destination) => chat.seen(destination),
    files: async (destination) => chat.files(destination),
    person: 'slack:T/U1',
    messages: ['terminal:1/a', 'terminal:1/b'],
    goneMessage: 'terminal:1/gone',
    reactions: async (messageKey) => [chat.reactions.get(messageKey)].filter((each) => each !== undefined),
    send: async (bytes) => {
      const file = `terminal:file-${chat.sent.size}`;
      chat.sent.set(file, bytes);
      return file;
    },
    goneFile: 'terminal:file-gone',
  };
}
