import type { ChatSubject } from '../contracts';
import { MemoryChat } from './memory-chat';

/** A memory chat with what its contract wants beside it. */
export function openMemoryChat(chat = new MemoryChat()): ChatSubject {
  return {
    chat,
    elsewhere: new MemoryChat(chat.posts),
    destinations: ['terminal:1', 'terminal:2'],
    seen: async (destination) => chat.seen(destination),
    files: async (destination) => chat.files(destination),
  };
}
