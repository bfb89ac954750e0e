import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { typedLines } from './typed-lines';

it('hears each line with words, and nothing once nobody listens', async () => {
  const input = new PassThrough();
  const heard: string[] = [];
  const three = new Promise<void>((resolve) => {
    const leave = typedLines(input, (words) => {
      heard.push(words);
      if (heard.length < 3) return;
      leave();
      resolve();
    });
  });
  input.write('first\n\n   \n  sec');
  input.write('ond  \nthird\n');
  await three;
  input.write('too late\n');
  input.end();
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(['first', 'second', 'third']);
});
