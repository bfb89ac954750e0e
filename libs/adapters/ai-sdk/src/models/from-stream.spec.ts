import { describe, expect, it } from '@jest/globals';
import type { LanguageModelV4FinishReason, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { text, textOf } from '@swe/domain';
import type { ModelEvent } from '@swe/domain';
import { createAnswer } from './from-stream';

type Part = LanguageModelV4StreamPart;

const usage = {
  inputTokens: { total: 9, noCache: 9, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 3, text: undefined, reasoning: undefined },
};
const finish = (unified: LanguageModelV4FinishReason['unified'], raw?: string): Part => ({
  type: 'finish',
  finishReason: { unified, raw },
  usage,
});
const say = (id: string, ...deltas: string[]): Part[] => [
  { type: 'text-start', id },
  ...deltas.map((delta): Part => ({ type: 'text-delta', id, delta })),
  { type: 'text-end', id },
];
const call = (toolCallId: string, input: string): Part[] => [
  { type: 'tool-input-start', id: toolCallId, toolName: 'look' },
  { type: 'tool-input-delta', id: toolCallId, delta: input },
  { type: 'tool-input-end', id: toolCallId },
  { type: 'tool-call', toolCallId, toolName: 'look', input },
];
const called = (callId: string, rest: object) => ({ type: 'tool-call', callId, name: 'look', ...rest });

function eventsOf(parts: readonly Part[]): ModelEvent[] {
  const answer = createAnswer({ provider: 'p', keptOfText: ['phase'] });
  return parts.flatMap((part) => answer.add(part) ?? []);
}

/** What Anthropic's provider makes of a thinking block: the signature comes in a delta of its own. */
const THINKING: Part[] = [
  { type: 'reasoning-start', id: '0' },
  { type: 'reasoning-delta', id: '0', delta: 'I need ' },
  { type: 'reasoning-delta', id: '0', delta: 'it.' },
  { type: 'reasoning-delta', id: '0', delta: '', providerMetadata: { anthropic: { signature: 'EqQB' } } },
  { type: 'reasoning-end', id: '0' },
];
const REDACTED: Part[] = [
  { type: 'reasoning-start', id: '1', providerMetadata: { anthropic: { redactedData: 'EmwK' } } },
  { type: 'reasoning-end', id: '1' },
];
/** What OpenAI's provider makes of a reasoning item that isn't stored: its end has the encrypted content. */
const ENCRYPTED: Part[] = [
  {
    type: 'reasoning-start',
    id: 'rs_1:0',
    providerMetadata: { openai: { itemId: 'rs_1', reasoningEncryptedContent: null } },
  },
  {
    type: 'reasoning-end',
    id: 'rs_1:0',
    providerMetadata: { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'gAAA' } },
  },
];

describe('an answer', () => {
  it.each<[string, readonly Part[], object]>([
    [
      'of words',
      [...say('0', 'Hel', 'lo'), finish('stop', 'end_turn')],
      { stop: 'end-turn', content: [text('Hello')] },
    ],
    ['of nothing', [...say('0'), finish('stop', 'stop')], { stop: 'end-turn', content: [] }],
    [
      'with calls',
      [...call('a', '{"x":1}'), ...call('b', ''), finish('tool-calls', 'tool_use')],
      { stop: 'tool-use', content: [called('a', { input: { x: 1 } }), called('b', { input: {} })] },
    ],
    [
      'with a call whose input is no JSON',
      [...call('a', '{"x":'), finish('tool-calls', 'tool_use')],
      { stop: 'tool-use', content: [called('a', { input: {}, malformedInput: '{"x":' })] },
    ],
    [
      'with reasoning and its signature',
      [...THINKING, ...REDACTED, ...say('2', 'So.'), finish('stop', 'end_turn')],
      {
        content: [
          {
            type: 'reasoning',
            provider: 'p',
            text: 'I need it.',
            opaque: { anthropic: { signature: 'EqQB' } },
          },
          { type: 'reasoning', provider: 'p', text: '', opaque: { anthropic: { redactedData: 'EmwK' } } },
          text('So.'),
        ],
      },
    ],
    [
      'with what its provider wants back of a text, and nothing else of it',
      [
        {
          type: 'text-start',
          id: 'm',
          providerMetadata: { openai: { itemId: 'msg_1', phase: 'commentary' } },
        },
        { type: 'text-delta', id: 'm', delta: 'So.' },
        { type: 'text-end', id: 'm', providerMetadata: { openai: { itemId: 'msg_1', phase: 'commentary' } } },
        finish('stop'),
      ],
      {
        content: [{ ...text('So.'), kept: { provider: 'p', opaque: { openai: { phase: 'commentary' } } } }],
      },
    ],
    [
      'with encrypted reasoning',
      [...ENCRYPTED, ...say('msg', 'So.'), finish('stop')],
      {
        content: [
          {
            type: 'reasoning',
            provider: 'p',
            text: '',
            opaque: { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'gAAA' } },
          },
          text('So.'),
        ],
      },
    ],
    [
      'with reasoning in plain text',
      [
        { type: 'reasoning-start', id: '0' },
        { type: 'reasoning-delta', id: '0', delta: 'hm' },
        { type: 'reasoning-end', id: '0' },
        ...say('0', 'So.'),
        finish('stop', 'stop'),
      ],
      { content: [{ type: 'reasoning', provider: 'p', text: 'hm', opaque: null }, text('So.')] },
    ],
    [
      'cut by the limit in the middle of its last call',
      [...say('0', 'A'), ...call('a', '{}'), ...call('b', ''), finish('length', 'max_tokens')],
      { stop: 'max-tokens', content: [text('A'), called('a', { input: {} })] },
    ],
    [
      'that is refused',
      [...say('0', 'No.'), ...call('a', '{}'), finish('content-filter', 'refusal')],
      { stop: 'refusal', content: [text('No.')] },
    ],
    [
      'that broke off',
      [...say('0', 'A'), ...call('a', '{}'), finish('interrupted')],
      {
        stop: 'error',
        content: [],
        failure: { kind: 'transient', message: 'the model broke off' },
      },
    ],
  ])('%s', (_name, parts, expected) => {
    expect(eventsOf(parts).at(-1)).toMatchObject({
      type: 'finished',
      usage: { inputTokens: 9, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0 },
      ...expected,
    });
  });

  it('streams what its texts add up to, also of several', () => {
    const parts = [
      ...say('0', 'One', ' two'),
      ...say('1'),
      ...THINKING,
      ...say('0', '', 'Three'),
      finish('stop', 'stop'),
    ];
    const events = eventsOf(parts);
    const streamed = events.map((event) => (event.type === 'text' ? event.delta : '')).join('');
    expect(streamed).toBe('One two\nThree');
    const last = events.at(-1);
    expect(last?.type === 'finished' ? textOf(last.content) : undefined).toBe(streamed);
  });

  it('mends an emoji that came in halves', () => {
    const [high = '', low = ''] = '😀'.split('');
    expect(eventsOf([...say('0', high, low), finish('stop', 'stop')]).at(-1)).toMatchObject({
      content: [text('😀')],
    });
  });

  it('tells the words so far, and no half call', () => {
    const answer = createAnswer({ provider: 'p', keptOfText: ['phase'] });
    for (const part of [...say('0', 'One'), ...call('a', '{}').slice(0, 2)]) answer.add(part);
    expect(answer.words()).toEqual([text('One')]);
  });
});
