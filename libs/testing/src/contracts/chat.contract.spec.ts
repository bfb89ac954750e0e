import type { Chat } from '@swe/domain';
import { MemoryChat } from '../memory/memory-chat';
import { openMemoryChat } from '../memory/open-memory-chat';
import { chatContract } from './chat.contract';
import type { ChatSubject } from './chat.contract';
import { override } from './override';
import { proveBites } from './run-contract';

function broken(changesOf: (chat: MemoryChat) => Partial<Chat>, beside: Partial<ChatSubject> = {}) {
  return (): { subject: ChatSubject } => {
    const chat = new MemoryChat();
    return { subject: { ...openMemoryChat(chat), ...beside, chat: override<Chat>(chat, changesOf(chat)) } };
  };
}

proveBites('Chat', chatContract, {
  '`post` never dedupes: twice called, twice seen': broken((chat) => ({
    post: async (destination, body, effectKey) =>
      (await chat.find(destination, effectKey)) ?? chat.post(destination, body, effectKey),
  })),
  '`find` finds by effect key what was posted before, also by another process': broken(() => ({}), {
    elsewhere: new MemoryChat(),
  }),
  "`find` knows nothing of another destination's posts": broken((chat) => ({
    find: async (_destination, effectKey) => chat.posts.find((post) => post.effectKey === effectKey)?.id,
  })),
  '`edit` replaces the words of a post; a post that is gone is `missing`': broken((chat) => ({
    edit: async (destination, id, body) => void (await chat.post(destination, body, id)),
  })),
  'a body above `maxBodyLength` is refused as `invalid`, never cut': broken((chat) => ({
    post: (destination, body, effectKey) =>
      chat.post(destination, body.slice(0, chat.maxBodyLength), effectKey),
  })),
  '`attach` posts a file byte for byte with its words, and `find` finds it too': broken((chat) => ({
    attach: (destination, { name, bytes }, body, effectKey) =>
      chat.attach(destination, { name, bytes: bytes.map((byte) => byte & 127) }, body, effectKey),
  })),
  'a file above `maxAttachmentBytes` is refused as `invalid`, its words with it': broken((chat) => ({
    attach: async (destination, attachment, body, effectKey) => {
      await chat.post(destination, body, effectKey);
      return chat.attach(destination, attachment, body, effectKey);
    },
  })),
});
