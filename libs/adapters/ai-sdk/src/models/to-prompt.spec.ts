import { describe, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import type { AssistantContent, ModelMessage, ToolResultContent, UserContent } from '@swe/domain';
import type { Dialect } from './dialect';
import { toPrompt } from './to-prompt';

const plain: Dialect = {
  provider: 'p',
  reasoning: { sealedBy: ['signature'] },
  resultsHoldFiles: true,
  takesPdf: true,
};
const textOnly: Dialect = { ...plain, resultsHoldFiles: false };
const cacheMark = { vendor: { mark: true } };

const user = (...content: (UserContent | ToolResultContent)[]): ModelMessage => ({ role: 'user', content });
const assistant = (...content: AssistantContent[]): ModelMessage => ({ role: 'assistant', content });
const call = (
  callId: string,
  input: AssistantContent & { type: 'tool-call' } extends { input: infer I } ? I : never = {},
) => ({ type: 'tool-call', callId, name: `tool-${callId}`, input }) as const;
const result = (callId: string, isError: boolean, ...content: UserContent[]): ToolResultContent => ({
  type: 'tool-result',
  callId,
  content,
  isError,
});
const image = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
const imagePart = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'aGk=' } };
const opaque = { p: { signature: 'EqQB/+=', nothing: null } };
const reasoning = { type: 'reasoning', provider: 'p', text: ' hm\n', opaque } as const;

const toolResult = (callId: string, output: object) => ({
  type: 'tool-result',
  toolCallId: callId,
  toolName: `tool-${callId}`,
  output,
});
const toolCall = (callId: string, input: unknown = {}) => ({
  type: 'tool-call',
  toolCallId: callId,
  toolName: `tool-${callId}`,
  input,
});

describe('a prompt', () => {
  const question = user(text('Q'));
  const questionMessage = { role: 'user', content: [text('Q')] };

  it.each<[string, Dialect, readonly ModelMessage[], readonly unknown[]]>([
    [
      'words and images',
      plain,
      [user(text('Q'), image)],
      [{ role: 'user', content: [text('Q'), imagePart] }],
    ],
    [
      'calls, their results first, and what was said meanwhile',
      plain,
      [
        question,
        assistant(text('A'), call('1', { a: [1] }), call('2')),
        user(result('1', false, text('one'), text('more')), result('2', true, text('two')), text('!')),
      ],
      [
        questionMessage,
        { role: 'assistant', content: [text('A'), toolCall('1', { a: [1] }), toolCall('2')] },
        {
          role: 'tool',
          content: [
            toolResult('1', { type: 'text', value: 'one\nmore' }),
            toolResult('2', { type: 'error-text', value: 'two' }),
          ],
        },
        { role: 'user', content: [text('!')] },
      ],
    ],
    [
      'a call whose input was no object, as one without',
      plain,
      [question, assistant(call('1', ['x'])), user(result('1', true, text('bad')))],
      [
        questionMessage,
        { role: 'assistant', content: [toolCall('1')] },
        { role: 'tool', content: [toolResult('1', { type: 'error-text', value: 'bad' })] },
      ],
    ],
    [
      'a result with an image',
      plain,
      [
        question,
        assistant(call('1'), call('2')),
        user(result('1', false, text('one'), image), result('2', true, image)),
      ],
      [
        questionMessage,
        { role: 'assistant', content: [toolCall('1'), toolCall('2')] },
        {
          role: 'tool',
          content: [
            toolResult('1', { type: 'content', value: [text('one'), imagePart] }),
            toolResult('2', { type: 'content', value: [text('[harness] The call failed.'), imagePart] }),
          ],
        },
      ],
    ],
    [
      'a result with an image, where results are text',
      textOnly,
      [question, assistant(call('1')), user(result('1', false, text('one'), image), text('!'))],
      [
        questionMessage,
        { role: 'assistant', content: [toolCall('1')] },
        {
          role: 'tool',
          content: [
            toolResult('1', {
              type: 'text',
              value: 'one\n[harness] 1 file(s) of this result follow in the next message.',
            }),
          ],
        },
        { role: 'user', content: [text('[harness] Files of the result of 1:'), imagePart, text('!')] },
      ],
    ],
    [
      'reasoning',
      plain,
      [question, assistant(reasoning, text('A'))],
      [
        questionMessage,
        {
          role: 'assistant',
          content: [{ type: 'reasoning', text: ' hm\n', providerOptions: opaque }, text('A')],
        },
      ],
    ],
    [
      'no answer of nothing but reasoning that is not wanted',
      { ...plain, reasoning: 'dropped' },
      [question, assistant(reasoning), question],
      [questionMessage, questionMessage],
    ],
  ])('has %s', (_name, dialect, messages, expected) => {
    expect(toPrompt({ system: '', messages }, dialect)).toEqual(expected);
  });

  it.each([
    ['by the one who keeps it', 'p', { v: { phase: 'x' } }],
    ['by another', 'q', undefined],
  ])('gives back what is kept of a text: %s', (_name, provider, providerOptions) => {
    const said = { ...text('A'), kept: { provider, opaque: { v: { phase: 'x' } } } };
    const [, answer] = toPrompt({ system: '', messages: [question, assistant(said)] }, plain);
    expect(answer?.content).toEqual([{ ...text('A'), providerOptions }]);
  });

  it('leaves out the reasoning of the messages that it is told to', () => {
    const spoken = assistant(reasoning, text('A'));
    const prompt = toPrompt({ system: '', messages: [question, spoken, question, spoken] }, plain, 2);
    expect(prompt.map(({ content }) => content.length)).toEqual([1, 1, 1, 2]);
  });

  it('marks the system block and the last two messages of the user for the cache', () => {
    const dialect = { ...plain, cacheMark };
    const messages = [
      question,
      assistant(call('1')),
      user(result('1', false, text('one'))),
      assistant(call('2')),
      user(result('2', false, text('two')), text('!')),
    ];
    const marks = toPrompt({ system: 'S', messages }, dialect).map(({ role, providerOptions }) => [
      role,
      providerOptions,
    ]);
    expect(marks).toEqual([
      ['system', cacheMark],
      ['user', undefined],
      ['assistant', undefined],
      ['tool', cacheMark],
      ['assistant', undefined],
      ['tool', undefined],
      ['user', cacheMark],
    ]);
  });

  it('keeps its prefix when the conversation grows', () => {
    const before = [question, assistant(reasoning, call('1')), user(result('1', false, image))];
    const after = [...before, assistant(text('A')), question];
    const prefix = toPrompt({ system: 'S', messages: before }, textOnly);
    expect(toPrompt({ system: 'S', messages: after }, textOnly).slice(0, prefix.length)).toEqual(prefix);
  });
});
