import { describe, expect, it } from '@jest/globals';
import { chatContract, runContract } from '@swe/testing/contracts';
import { MemoryChat } from '@swe/testing/memory';
import { routeChat } from './route-chat';

const quiet = { error: () => undefined };

runContract('routeChat', chatContract, () => {
  const terminal = new MemoryChat();
  const subject = {
    chat: routeChat({ terminal }, quiet),
    elsewhere: routeChat({ terminal: new MemoryChat(terminal.posts) }, quiet),
    destinations: ['terminal:1', 'terminal:2'],
    seen: async (destination: string) => terminal.seen(destination),
    files: async (destination: string) => terminal.files(destination),
  } as const;
  return { subject };
});

describe('chats by destination', () => {
  it('get what is theirs, and no more than the narrowest takes', async () => {
    const slack = Object.assign(new MemoryChat(), { maxBodyLength: 100 });
    const terminal = new MemoryChat();
    const chat = routeChat({ slack, terminal }, quiet);
    await chat.post('slack:T/C/1.2', 'Hello.', 'k');
    expect([slack.posts.length, terminal.posts.length]).toEqual([1, 0]);
    expect(chat.maxBodyLength).toBe(100);
  });

  it.each(['terminal:1', 'constructor:1', 'slack', ''])(
    'refuse %j when nobody has it, and log it',
    async (to) => {
      const logged: unknown[] = [];
      const chat = routeChat({}, { error: (event, fields) => void logged.push([event, fields]) });
      await expect(chat.post(to, 'Hello.', 'k')).rejects.toMatchObject({ kind: 'invalid' });
      await expect(chat.find(to, 'k')).rejects.toMatchObject({ kind: 'invalid' });
      expect(logged).toEqual(Array(2).fill(['chat.unrouted', { destination: to }]));
    },
  );
});
