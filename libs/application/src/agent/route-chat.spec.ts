import { describe, expect, it } from '@jest/globals';
import { chatContract, runContract } from '@swe/testing/contracts';
import { MemoryChat, openMemoryChat } from '@swe/testing/memory';
import { routeChat } from './route-chat';

const quiet = { error: () => undefined };

runContract('routeChat', chatContract, () => {
  const memory = openMemoryChat();
  const [chat, elsewhere] = [memory.chat, memory.elsewhere].map((terminal) => routeChat({ terminal }, quiet));
  return { subject: { ...memory, chat: chat!, elsewhere: elsewhere! } };
});

describe('chats by destination', () => {
  it('get what is theirs, and no more than the narrowest takes', async () => {
    const slack = Object.assign(new MemoryChat(), { maxBodyLength: 100 });
    const terminal = new MemoryChat();
    const chat = routeChat({ slack, terminal }, quiet);
    await chat.post('slack:T/C/1.2', { body: 'Hello.' }, 'k');
    expect([slack.posts.length, terminal.posts.length]).toEqual([1, 0]);
    expect(chat.maxBodyLength).toBe(100);
  });

  it.each(['terminal:1', 'constructor:1', 'slack', ''])(
    'refuse %j when nobody has it, and log it',
    async (to) => {
      const logged: unknown[] = [];
      const chat = routeChat({}, { error: (event, fields) => void logged.push([event, fields]) });
      await expect(chat.post(to, { body: 'Hello.' }, 'k')).rejects.toMatchObject({ kind: 'invalid' });
      await expect(chat.find(to, 'k')).rejects.toMatchObject({ kind: 'invalid' });
      expect(logged).toEqual(Array(2).fill(['chat.unrouted', { destination: to }]));
    },
  );
});
