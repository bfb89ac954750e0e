import { describe, expect, it } from '@jest/globals';
import type { ToolContext } from '../agent/tool';
import { askUser } from './ask-user';

const ask = (question: string, more = {}) => askUser().call({ question, ...more }, {} as ToolContext);

describe('ask_user', () => {
  it('posts the question and waits for the answer', async () => {
    const output = await ask('Red or blue?');
    expect(output).toMatchObject({ post: 'Red or blue?', asksBack: true });
    expect(output.isError).toBeUndefined();
  });

  it('offers answers to click', async () => {
    const output = await ask('Red or blue?', { choices: [' Red', 'Blue'] });
    expect(output).toMatchObject({ post: 'Red or blue?', choices: ['Red', 'Blue'], asksBack: true });
  });

  it.each([
    ['no choice', []],
    ['a blank one', ['Red', ' ']],
    ['six', ['1', '2', '3', '4', '5', '6']],
    ['one that no button holds', ['x'.repeat(76)]],
  ])('refuses %s', async (_name, choices) => {
    expect(await ask('Red or blue?', { choices })).toMatchObject({ isError: true });
  });

  it.each([
    ['nothing', ''],
    ['blanks, which no chat takes', '\t'],
    ['more than 4,000 characters', 'x'.repeat(4_001)],
  ])('refuses %s, and the turn goes on', async (_name, question) => {
    const output = await ask(question);
    expect(output.isError).toBe(true);
    expect(output.post).toBeUndefined();
    expect(output.asksBack).toBeUndefined();
  });
});
