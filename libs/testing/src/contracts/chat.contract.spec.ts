import type { Chat } from '@swe/domain';
import { MemoryChat } from '../memory/memory-chat';
import { openMemoryChat } from '../memory/open-memory-chat';
import { chatContract } from './chat.contract';
import type { ChatSubject } from './chat.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (chat: MemoryChat) => Partial<Chat>, beside: Partial<ChatSubject> = {}) {
  return (): { subject: ChatSubject } => {
    const chat = new MemoryChat();
    return { subject: { ...openMemoryChat(chat), ...beside, chat: override<Chat>(chat, changesOf(chat)) } };
  };
}

proveBites('Chat', chatContract, {
  '`post` never dedupes: twice called, twice seen': broken((chat) => ({
    post: async (destination, post, effectKey) =>
      (await chat.find(destination, effectKey)) ?? chat.post(destination, post, effectKey),
  })),
  '`find` finds by effect key what was posted before, also by another process': broken(() => ({}), {
    elsewhere: new MemoryChat(),
  }),
  "`find` knows nothing of another destination's posts": broken((chat) => ({
    find: async (_destination, effectKey) => chat.posts.find((post) => post.effectKey === effectKey)?.id,
  })),
  '`edit` replaces the words of a post; a post that is gone is `missing`': broken((chat) => ({
    edit: async (destination, id, post) => void (await chat.post(destination, post, id)),
  })),
  'a body above `maxBodyLength` is refused as `invalid`, never cut': broken((chat) => ({
    post: (destination, { body }, effectKey) =>
      chat.post(destination, { body: body.slice(0, chat.maxBodyLength) }, effectKey),
  })),
  'a post that mentions somebody and offers choices is found and edited as any other': broken((chat) => ({
    post: (destination, post, effectKey) =>
      post.choices === undefined
        ? chat.post(destination, post, effectKey)
        : chat.post(destination, { ...post, body: post.choices.join(', ') }, effectKey),
  })),
  'a post that says what the agent is doing is found and edited as any other': broken((chat) => ({
    post: (destination, post, effectKey) =>
      chat.post(destination, post, post.activity === undefined ? effectKey : `${effectKey}/activity`),
  })),
  '`attach` posts a file byte for byte with its words, and `find` finds it too': broken((chat) => ({
    attach: (destination, { name, bytes }, post, effectKey) =>
      chat.attach(destination, { name, bytes: bytes.map((byte) => byte & 127) }, post, effectKey),
  })),
  'a file above `maxAttachmentBytes` is refused as `invalid`, its words with it': broken((chat) => ({
    attach: async (destination, attachment, post, effectKey) => {
      await chat.post(destination, post, effectKey);
      return chat.attach(destination, attachment, post, effectKey);
    },
  })),
  '`react` shows one reaction on a message, the last one, and is no post; a message that is gone is no failure':
    broken((chat) => ({
      react: async (destination, messageKey, reaction) => {
        if (!chat.reactions.has(messageKey)) await chat.react(destination, messageKey, reaction);
      },
    })),
  '`fetch` gives a file that a person sent byte for byte': broken((chat) => ({
    fetch: async (file) => (await chat.fetch(file)).map((byte) => byte & 127),
  })),
  'a file that is not there to be fetched is `missing`': broken(() => ({
    fetch: async () => new Uint8Array(),
  })),
  "a person's file above `maxAttachmentBytes` is not fetched but `invalid`": broken((chat) => ({
    fetch: async (file) => chat.sent.get(file) ?? new Uint8Array(),
  })),
});
