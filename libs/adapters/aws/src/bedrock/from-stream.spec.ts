import type { ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import { expect, it } from '@jest/globals';
import { createAnswer } from './from-stream';

const start = (contentBlockIndex: number, toolUseId: string): ConverseStreamOutput => ({
  contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId, name: 'look' } } },
});
const text = (contentBlockIndex: number, words: string): ConverseStreamOutput => ({
  contentBlockDelta: { contentBlockIndex, delta: { text: words } },
});
const stop = (contentBlockIndex: number): ConverseStreamOutput => ({
  contentBlockStop: { contentBlockIndex },
});
const messageStop = (stopReason: 'end_turn' | 'tool_use' | 'max_tokens'): ConverseStreamOutput => ({
  messageStop: { stopReason },
});

function answerOf(events: readonly ConverseStreamOutput[]) {
  const answer = createAnswer('bedrock/anthropic');
  const shown = events.flatMap((event) => answer.add(event) ?? []);
  return { shown, finished: answer.finished() };
}

it('a call whose block never ended is none, also in an answer that did', () => {
  const { finished } = answerOf([start(0, 'a'), stop(0), start(1, 'b'), messageStop('tool_use')]);
  expect(finished?.content).toEqual([{ type: 'tool-call', callId: 'a', name: 'look', input: {} }]);
});

it('what the limit cut off takes no whole call with it', () => {
  const { finished } = answerOf([start(0, 'a'), stop(0), start(1, 'b'), messageStop('max_tokens')]);
  expect(finished).toMatchObject({ stop: 'max-tokens', content: [{ callId: 'a' }] });
});

it('blocks are in the order of their numbers, texts one per line', () => {
  const { shown, finished } = answerOf([
    text(0, 'One'),
    text(2, 'two'),
    start(1, 'a'),
    stop(1),
    messageStop('tool_use'),
  ]);
  expect(shown).toEqual([
    { type: 'text', delta: 'One' },
    { type: 'text', delta: '\ntwo' },
  ]);
  expect(finished?.content).toMatchObject([{ text: 'One' }, { callId: 'a' }, { text: 'two' }]);
});

it('events that nobody knows yet are passed over', () => {
  const unknown: ConverseStreamOutput = { $unknown: ['imageStart', {}] };
  const { finished } = answerOf([unknown, text(0, 'One'), messageStop('end_turn')]);
  expect(finished).toMatchObject({ stop: 'end-turn', content: [{ text: 'One' }] });
});
