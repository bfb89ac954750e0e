import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { readKeyboard } from './keyboard';
import type { Typed } from './keyboard';

function sit() {
  const input = new PassThrough();
  const messages: string[] = [];
  const views: Typed[] = [];
  let interrupts = 0;
  const leave = readKeyboard(input, {
    onTyped: (typed) => void views.push(typed),
    onMessage: (words) => void messages.push(words),
    onInterrupt: () => (interrupts += 1),
  });
  return {
    messages,
    leave,
    interrupts: () => interrupts,
    async type(keys: string): Promise<Typed | undefined> {
      input.write(keys);
      await new Promise((resolve) => setImmediate(resolve));
      return views.at(-1);
    },
  };
}

it('sends a line with words at Enter, and nothing once nobody listens', async () => {
  const { type, messages, leave } = sit();
  await type('  go on \r\r   \rand ');
  await type('on\r');
  leave();
  await type('too late\r');
  expect(messages).toEqual(['go on', 'and on']);
});

it('tells after every key what is typed and where the cursor stands', async () => {
  const { type } = sit();
  expect(await type('go on')).toEqual({ before: 'go on', after: '', pasted: 0 });
  expect(await type('\u001b[D\u001b[D')).toEqual({ before: 'go ', after: 'on', pasted: 0 });
  expect(await type('\u007f')).toEqual({ before: 'go', after: 'on', pasted: 0 });
  expect(await type('\r')).toEqual({ before: '', after: '', pasted: 0 });
});

it('takes what is pasted as one message, sent at Enter', async () => {
  const { type, messages } = sit();
  const typed = await type('\u001b[200~first\r  second\rthird\u001b[201~');
  expect(typed).toEqual({ before: 'third', after: '', pasted: 2 });
  expect(messages).toEqual([]);
  await type(' and last\r');
  expect(messages).toEqual(['first\n  second\nthird and last']);
});

it('forgets what was pasted at Ctrl-U', async () => {
  const { type, messages } = sit();
  await type('\u001b[200~first\rsecond\u001b[201~\u0015');
  await type('other\r');
  expect(messages).toEqual(['other']);
});

it('passes Ctrl-C on', async () => {
  const { type, interrupts } = sit();
  await type('half\u0003');
  expect(interrupts()).toBe(1);
});

it('goes on after Ctrl-D and Ctrl-Z, with its history, and still tells each key after it took effect', async () => {
  const { type, messages } = sit();
  await type('first\r');
  await type('\u0004');
  await type('\u001a');
  expect(await type('second')).toEqual({ before: 'second', after: '', pasted: 0 });
  await type('\r');
  await type('\u001b[A\u001b[A\r');
  expect(messages).toEqual(['first', 'second', 'first']);
});
