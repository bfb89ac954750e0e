import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openQuestions } from './questions';
import type { Questions } from './questions';

let input: PassThrough;
let shown: string;
let questions: Questions;
beforeEach(() => {
  input = new PassThrough();
  shown = '';
  questions = openQuestions({ input, write: (text) => (shown += text) });
});
afterEach(() => questions[Symbol.dispose]());

it('asks one thing after the other, and shows what is typed', async () => {
  const first = questions.ask('Token or App?');
  input.write('app\r');
  expect(await first).toBe('app');
  const second = questions.ask('Its id?');
  input.write('12345\r');
  expect(await second).toBe('12345');
  expect(shown).toMatch(/Token or App\?\n[^]*> [^]*app[^]*Its id\?\n[^]*12345/);
});

it('shows nothing of a secret, also when it is corrected, and not when what was typed is called back', async () => {
  const secret = questions.askSecretly('Token');
  input.write('xoxb-1\u007f2\r');
  expect(await secret).toBe('xoxb-2');
  const next = questions.ask('Replace it?');
  // The key for the line before.
  input.write('\u001b[A\r');
  expect(await next).toBe('');
  expect(shown).not.toContain('xoxb');
});

it('shows nothing of what is typed while nothing is asked', async () => {
  input.write('xoxb-3');
  const next = questions.askSecretly('Token');
  input.write('\r');
  await next;
  expect(shown).toBe('Token\n> \n');
});

it('takes what was typed before a question for no answer, and shows it nowhere: a secret may be pasted twice', async () => {
  const secret = questions.askSecretly('Token');
  input.write('xoxb-5\rxoxb-5');
  expect(await secret).toBe('xoxb-5');
  const next = questions.ask('Token or App?');
  // The key that undoes.
  input.write('\u001fapp\r');
  expect(await next).toBe('app');
  expect(shown).not.toContain('xoxb');
});

it('shows the first line of what is pasted, and no more', async () => {
  const file = questions.ask('The file with the private key');
  input.write('-----BEGIN PRIVATE KEY-----\rMIIEvg\r');
  expect(await file).toBe('-----BEGIN PRIVATE KEY-----');
  expect(shown).not.toContain('MIIEvg');
});

it('is over by Ctrl-C, for what is asked and for what would be asked later', async () => {
  const asked = questions.askSecretly('Token');
  input.write('xoxb-4\u0003');
  await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
  expect(questions.signal.aborted).toBe(true);
  await expect(questions.ask('Replace it?')).rejects.toMatchObject({ kind: 'cancelled' });
});

it('is over when nobody is there any more', async () => {
  const asked = questions.ask('Token or App?');
  input.end();
  await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
});
